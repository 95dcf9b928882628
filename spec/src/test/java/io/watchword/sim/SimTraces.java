package io.watchword.sim;

import io.watchword.replication.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Traces of the engine's replication simulator, written as files. It lives in the simulator's
 * package, whose runs are nobody else's business.
 */
public final class SimTraces {
  private SimTraces() {}

  /** Runs one seed under the given rules and writes one file for each node. */
  public static List<Path> write(long seed, Rules rules, Path folder) throws IOException {
    ReplicationRun run = new ReplicationRun(seed, rules);
    run.run();
    List<Path> files = new ArrayList<>();
    for (Map.Entry<String, StringBuilder> trace : run.traces().entrySet()) {
      Path file = folder.resolve(seed + "-" + trace.getKey().replace(':', '-') + ".ndjson");
      Files.writeString(file, trace.getValue());
      files.add(file);
    }
    return files;
  }
}
