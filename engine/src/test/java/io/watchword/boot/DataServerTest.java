package io.watchword.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.config.Config;
import io.watchword.config.Directives;
import io.watchword.sys.Log;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataServerTest {
  private static final int WAIT_S_MAX = 10;

  @TempDir Path folder;

  @Test
  void shouldExitAtASecondSignalThoughTheCommandThreadIsBusyWithTheFirst() throws Exception {
    BlockingQueue<Integer> statuses = new LinkedBlockingQueue<>();
    CountDownLatch forced = new CountDownLatch(1);
    IntConsumer exit =
        status -> {
          statuses.add(status);
          if (status == 0) {
            awaitQuietly(forced);
          }
        };
    try (DataServer server = DataServer.start(config(), new NoLog(), exit)) {
      server.signalled("SIGTERM");
      assertThat(statuses.poll(WAIT_S_MAX, TimeUnit.SECONDS)).isEqualTo(0);
      server.signalled("SIGTERM");
      assertThat(statuses.peek()).isEqualTo(1);
      forced.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(WAIT_S_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Config config() {
    Config config = new Config(Directives.ALL);
    config.put(Directives.PORT, 0L);
    config.put(Directives.BIND, List.of("127.0.0.1"));
    config.put(Directives.DIR, folder.toString());
    return config;
  }

  private static final class NoLog implements Log {
    @Override
    public boolean on(Level level) {
      return false;
    }

    @Override
    public void write(Level level, String text) {}
  }
}
