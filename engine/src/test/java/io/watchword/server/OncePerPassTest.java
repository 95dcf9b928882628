package io.watchword.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.rdb.StepLoop;
import org.junit.jupiter.api.Test;

class OncePerPassTest {
  private final StepLoop loop = new StepLoop();
  private boolean needed = true;
  private int done;
  private final OncePerPass work = new OncePerPass(loop, () -> needed, () -> done++);

  @Test
  void shouldDoTheWorkOfAllTurnsOnceAndOnlyAfterThem() {
    work.run();
    work.run();
    assertThat(done).isZero();
    loop.settle();
    assertThat(done).isEqualTo(1);

    work.run();
    loop.settle();
    assertThat(done).isEqualTo(2);
  }

  @Test
  void shouldDoNothingAfterTurnsThatMadeNoWork() {
    needed = false;
    work.run();
    loop.settle();

    assertThat(done).isZero();
  }

  @Test
  void shouldDoTheNextWorkAfterOneThatThrew() {
    OncePerPass failing =
        new OncePerPass(
            loop,
            () -> true,
            () -> {
              done++;
              throw new IllegalStateException("a defect");
            });
    for (int i = 0; i < 2; i++) {
      failing.run();
      try {
        loop.settle();
      } catch (IllegalStateException expected) {
        continue;
      }
    }
    assertThat(done).isEqualTo(2);
  }
}
