package io.watchword.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Allocation is what a build can guard: unlike time it does not depend on who else uses the
 * machine.
 */
class AllocationGuardTest {
  private static final double BYTES_PER_COMMAND_MAX = 16;

  @Test
  void shouldAllocateNextToNothingForAnOverwritingSetAndForAGet() throws Exception {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(HotPathBench.class.getName())
                    .forks(1)
                    .warmupIterations(2)
                    .measurementIterations(2)
                    .warmupTime(TimeValue.milliseconds(700))
                    .measurementTime(TimeValue.milliseconds(500))
                    .addProfiler(GCProfiler.class)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();

    assertThat(results).hasSize(2);
    for (RunResult result : results) {
      double bytes = result.getSecondaryResults().get("gc.alloc.rate.norm").getScore();
      assertThat(bytes)
          .as(result.getParams().getBenchmark() + ", bytes a command")
          .isLessThan(BYTES_PER_COMMAND_MAX);
    }
  }
}
