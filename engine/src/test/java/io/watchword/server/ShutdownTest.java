package io.watchword.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.command.server.ShutdownVerb.Save;
import io.watchword.command.server.ShutdownVerb.Stopper.Answer;
import io.watchword.sys.Clock;
import io.watchword.sys.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShutdownTest {
  private final List<String> lines = new ArrayList<>();
  private final List<Integer> exits = new ArrayList<>();
  private final List<String> lagging = new ArrayList<>();
  private long nowNanos;
  private long timeoutSeconds = 10;
  private boolean held;
  private int stayed;
  private final Shutdown shutdown =
      new Shutdown(new Lines(), new TestClock(), () -> timeoutSeconds, exits::add);

  @Test
  void shouldLeaveAtOnceWhenNobodyLags() {
    shutdown.waitsFor(new Followers());
    assertThat(run(Save.NEVER, false)).isEqualTo(Answer.LEAVES);
    assertThat(exits).containsExactly(0);
    assertThat(lines).contains("2 of 2 replicas are in sync when shutting down.");
  }

  @Test
  void shouldHoldWritesAndLeaveOnceItsReplicasHaveEverything() {
    lags();
    assertThat(run(Save.NEVER, false)).isEqualTo(Answer.WAITS);
    assertThat(held).isTrue();
    shutdown.tick();
    assertThat(exits).isEmpty();
    lagging.clear();
    shutdown.tick();
    assertThat(exits).containsExactly(0);
  }

  @Test
  void shouldLeaveAfterTheTimeoutAndSayWhoLags() {
    lags();
    run(Save.NEVER, false);
    nowNanos += 9_999_999_999L;
    shutdown.tick();
    assertThat(exits).isEmpty();
    nowNanos++;
    shutdown.tick();
    assertThat(exits).containsExactly(0);
    assertThat(lines).contains("replica x lags", "1 of 2 replicas are in sync when shutting down.");
  }

  @Test
  void shouldNotWaitWhenItIsToBeDoneNowOrWithoutATimeout() {
    lags();
    assertThat(run(Save.NEVER, true)).isEqualTo(Answer.LEAVES);
    timeoutSeconds = 0;
    assertThat(run(Save.NEVER, false)).isEqualTo(Answer.LEAVES);
    assertThat(held).isFalse();
  }

  @Test
  void shouldEndAWaitThatSomebodyWantsToEndNow() {
    lags();
    run(Save.NEVER, false);
    assertThat(run(Save.NEVER, true)).isEqualTo(Answer.LEAVES);
    assertThat(exits).containsExactly(0);
  }

  @Test
  void shouldServeOnWhenItIsAborted() {
    lags();
    run(Save.NEVER, false);
    assertThat(shutdown.abort()).isTrue();
    assertThat(held).isFalse();
    assertThat(stayed).isZero();
    lagging.clear();
    shutdown.tick();
    assertThat(stayed).isEqualTo(1);
    assertThat(exits).isEmpty();
    assertThat(shutdown.abort()).isFalse();
  }

  @Test
  void shouldServeOnWhenTheSaveFailsAfterTheWait() {
    lags();
    shutdown.save(always -> Optional.of("disk full"));
    run(Save.ALWAYS, false);
    lagging.clear();
    shutdown.tick();
    shutdown.tick();
    assertThat(exits).isEmpty();
    assertThat(held).isFalse();
    assertThat(stayed).isEqualTo(1);
  }

  private Answer run(Save how, boolean now) {
    return shutdown.run(how, now, false, () -> stayed++);
  }

  private void lags() {
    shutdown.waitsFor(new Followers());
    lagging.add("replica x lags");
  }

  private final class Followers implements Shutdown.Replicas {
    @Override
    public int count() {
      return 2;
    }

    @Override
    public List<String> lagging() {
      return lagging;
    }

    @Override
    public void hold() {
      held = true;
    }

    @Override
    public void letGo() {
      held = false;
    }
  }

  private final class Lines implements Log {
    @Override
    public boolean on(Level level) {
      return true;
    }

    @Override
    public void write(Level level, String text) {
      lines.add(text);
    }
  }

  private final class TestClock implements Clock {
    @Override
    public long millis() {
      return nowNanos / 1_000_000;
    }

    @Override
    public long nanos() {
      return nowNanos;
    }
  }
}
