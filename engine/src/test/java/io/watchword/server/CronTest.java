package io.watchword.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.sys.Loop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CronTest {
  private final HandLoop loop = new HandLoop();
  private final List<String> complaints = new ArrayList<>();
  private final Cron cron = new Cron(loop, complaints::add);
  private int runs;

  @Test
  void shouldNotStartALongJobThatStillRuns() {
    cron.addLong(() -> ++runs < 100);
    cron.start(10);
    loop.tick.run();
    loop.tick.run();
    loop.tick.run();
    assertThat(runs).isEqualTo(1);
    assertThat(loop.due).hasSize(1);
  }

  @Test
  void shouldStartALongJobAgainOnceItIsDone() {
    cron.addLong(() -> ++runs % 2 == 1);
    cron.start(10);
    loop.tick.run();
    loop.due.remove().run();
    loop.tick.run();
    assertThat(runs).isEqualTo(3);
  }

  @Test
  void shouldRunTheOtherJobsWhenOneThrows() {
    cron.add(
        () -> {
          throw new IllegalStateException("defect");
        });
    cron.add(() -> runs++);
    cron.start(10);
    loop.tick.run();
    assertThat(runs).isEqualTo(1);
    assertThat(complaints).singleElement().asString().contains("defect");
  }

  /** A loop that ticks when told to, and keeps what is due. */
  private static final class HandLoop implements Loop {
    private final Deque<Runnable> due = new ArrayDeque<>();
    private Runnable tick = () -> {};

    @Override
    public void execute(Runnable task) {
      due.add(task);
    }

    @Override
    public Cancel after(long delayMs, Runnable task) {
      due.add(task);
      return () -> due.remove(task);
    }

    @Override
    public Cancel every(long periodMs, Runnable task) {
      tick = task;
      return () -> tick = () -> {};
    }
  }
}
