package io.watchword.spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs models one after the other, since each already uses all the workers there are. */
final class ModelCheck {
  private final Path spec;
  private final int workers;
  private final Progress progress;

  ModelCheck(Path spec, int workers, Progress progress) {
    this.spec = spec;
    this.workers = workers;
    this.progress = progress;
  }

  List<Judgement> run(List<Model> models) throws IOException, InterruptedException {
    List<Judgement> judgements = new ArrayList<>();
    for (Model model : models) {
      progress.begins(model.name(), judgements.size() + 1, models.size());
      TlcOutput output =
          new Tlc(spec).run(job(model, false), line -> progress.hears(model.name(), line));
      judgements.add(Judgement.of(model, output, untaken(model, output)));
    }
    progress.ends();
    return judgements;
  }

  /** What a model that passes never does, by a thousand random walks with a fixed seed. */
  private List<String> untaken(Model model, TlcOutput output)
      throws IOException, InterruptedException {
    boolean passes = output.exit() == 0 && model.expected() == Model.Expected.PASS;
    return passes ? new Tlc(spec).run(job(model, true), line -> {}).untaken() : List.of();
  }

  private TlcJob job(Model model, boolean walk) {
    return new TlcJob(
        model.folder(spec),
        model.module(),
        spec.resolve(model.cfg()),
        walk ? 1 : workers,
        walk,
        model.budgetSeconds(),
        Map.of());
  }
}
