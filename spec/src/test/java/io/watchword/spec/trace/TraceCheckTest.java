package io.watchword.spec.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.replication.History;
import io.watchword.replication.Rules;
import io.watchword.sim.SimTraces;
import io.watchword.spec.Check;
import io.watchword.spec.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Traces of the replication simulator are behaviours of Psync2, and changed ones are not. Once more
 * with other mutants, or with more:
 *
 * <pre>
 * mvn -pl engine,spec test -Dtest=TraceCheckTest -Dseed=N -Dmutants=M
 *     -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
class TraceCheckTest {
  private static final int BUDGET_SECONDS = 300;
  private static final int MUTANTS = Integer.getInteger("mutants", 20);
  private static final long SEED = Long.getLong("seed", 1L);

  private final TraceCheck check = new TraceCheck(Spec.folder(), BUDGET_SECONDS);

  @ParameterizedTest
  @ValueSource(longs = {3, 10, 12})
  void shouldAcceptWhatTheSimulatorDid(long seed, @TempDir Path folder)
      throws IOException, InterruptedException {
    TraceVerdict verdict = check.check(traces(seed, Rules.REAL, folder));

    assertThat(verdict.outcome())
        .as("simulator seed " + seed + ": " + verdict.text())
        .isEqualTo(TraceVerdict.Outcome.ACCEPTED);
    assertThat(verdict.steps()).isGreaterThan(100);
  }

  @Test
  void shouldRejectNineteenOfTwentyMutants(@TempDir Path folder)
      throws IOException, InterruptedException {
    Map<String, List<TraceLine>> nodes = traces(7, Rules.REAL, folder);
    Random random = new Random(SEED);
    List<String> survivors = new ArrayList<>();
    for (int i = 0; i < MUTANTS; i++) {
      Mutation mutant = Mutation.of(nodes, random);
      if (check.check(mutant.nodes(), false).outcome() == TraceVerdict.Outcome.ACCEPTED) {
        survivors.add(mutant.what());
      }
    }

    assertThat(survivors).as("-Dseed=" + SEED).hasSizeLessThanOrEqualTo(MUTANTS / 20);
  }

  @Test
  void shouldNotAcceptANodeThatIsPromotedUnderItsOldName(@TempDir Path folder)
      throws IOException, InterruptedException {
    Rules noShift =
        new Rules() {
          @Override
          public History promoted(History ours, String freshReplid) {
            return ours;
          }
        };

    TraceVerdict verdict = check.check(traces(3, noShift, folder));

    assertThat(verdict.outcome()).isEqualTo(TraceVerdict.Outcome.REJECTED);
    assertThat(verdict.detail()).contains("Promoted", "after it, replid is");
  }

  @Test
  void shouldSayWhereATraceDoesNotFit(@TempDir Path folder) throws IOException {
    List<Path> files = SimTraces.write(7, Rules.REAL, folder);
    String text = Files.readString(files.get(0));
    Path lying = folder.resolve("lying.ndjson");
    int end = text.lastIndexOf("\"master\":true}");
    Files.writeString(
        lying, text.substring(0, end) + "\"master\":false}" + text.substring(end + 14));

    assertThat(Check.run("--trace", files.get(0).toString(), files.get(1).toString())).isZero();
    assertThat(Check.run("--trace", lying.toString(), files.get(1).toString())).isEqualTo(1);
    assertThat(Check.run("--trace", files.get(0).toString())).isEqualTo(2);
  }

  private static Map<String, List<TraceLine>> traces(long seed, Rules rules, Path folder)
      throws IOException {
    return TraceFiles.read(SimTraces.write(seed, rules, folder));
  }
}
