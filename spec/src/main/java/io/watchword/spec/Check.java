package io.watchword.spec;

import io.watchword.spec.trace.TraceCheck;
import io.watchword.spec.trace.TraceFiles;
import io.watchword.spec.trace.TraceLine;
import io.watchword.spec.trace.TraceVerdict;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code watchword check}: are the specs what we think they are, and is a trace one of their
 * behaviours?
 */
@Command(
    name = "watchword check",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Checks the TLA+ models of spec/models.json, or traces of running nodes, with TLC.",
      "Exit status: 0 as expected, 1 not as expected, 2 usage, 3 the environment lacks something,"
          + " 4 no answer within the time budget."
    })
public final class Check implements Callable<Integer> {
  private static final int AS_EXPECTED = 0;
  private static final int UNEXPECTED = 1;
  private static final int USAGE = 2;
  private static final int ENVIRONMENT = 3;
  private static final int UNKNOWN = 4;

  private static final int TRACE_BUDGET_SECONDS = 600;

  @Parameters(
      paramLabel = "MODEL",
      description = "Models to check; without any, all of profile ci.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = {
        "Threads of TLC (default: one for each core).",
        "With 1 a counterexample is the shortest there is; with more it may be longer."
      })
  private int workers = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--trace",
      arity = "1..*",
      paramLabel = "FILE",
      description = "Traces of the nodes of one run, to be validated against Psync2.")
  private List<Path> traces = new ArrayList<>();

  /** Entry of the program. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** The whole program but for its exit: returns the status. */
  public static int run(String... args) {
    return new CommandLine(new Check()).execute(args);
  }

  @Override
  public Integer call() throws InterruptedException {
    try {
      if (workers < 1) {
        return usage("--workers must be at least 1");
      }
      if (!traces.isEmpty() && !names.isEmpty()) {
        return usage("either models or --trace");
      }
      Path spec = SpecRoot.find();
      return traces.isEmpty() ? checkModels(spec) : checkTraces(spec);
    } catch (IOException e) {
      System.err.println("check: " + e.getMessage());
      return ENVIRONMENT;
    }
  }

  private int checkModels(Path spec) throws IOException, InterruptedException {
    List<Model> all = Models.read(spec);
    List<String> known = all.stream().map(Model::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        return usage("unknown model " + name + "; there are " + String.join(", ", known));
      }
    }
    List<Model> chosen = all.stream().filter(this::isChosen).toList();
    boolean terminal = System.console() != null;
    List<Judgement> judgements =
        new ModelCheck(spec, workers, new Progress(System.err, terminal)).run(chosen);
    System.out.print(json ? Report.json(judgements) : Report.table(judgements));
    return status(judgements);
  }

  private int checkTraces(Path spec) throws IOException, InterruptedException {
    Map<String, List<TraceLine>> nodes;
    try {
      nodes = TraceFiles.read(traces);
    } catch (NoSuchFileException e) {
      return usage("no such file: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      return usage(e.getMessage());
    }
    TraceVerdict verdict = new TraceCheck(spec, TRACE_BUDGET_SECONDS).check(nodes);
    System.out.println(json ? Report.json(verdict) : verdict.text());
    return switch (verdict.outcome()) {
      case ACCEPTED -> AS_EXPECTED;
      case REJECTED, UNSAFE -> UNEXPECTED;
      case UNKNOWN -> UNKNOWN;
    };
  }

  private boolean isChosen(Model model) {
    return names.isEmpty() ? model.profile() == Model.Profile.CI : names.contains(model.name());
  }

  private static int status(List<Judgement> judgements) {
    List<Judgement.Verdict> verdicts = judgements.stream().map(Judgement::verdict).toList();
    if (verdicts.contains(Judgement.Verdict.UNEXPECTED)) {
      return UNEXPECTED;
    }
    return verdicts.contains(Judgement.Verdict.UNKNOWN) ? UNKNOWN : AS_EXPECTED;
  }

  private static int usage(String what) {
    System.err.println("check: " + what);
    return USAGE;
  }
}
