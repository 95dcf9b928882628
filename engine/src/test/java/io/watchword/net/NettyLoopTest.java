package io.watchword.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class NettyLoopTest {
  private static final int WAIT_S_MAX = 10;

  @Test
  void shouldRunAPeriodicTaskAgainAfterItHasThrownAndComplain() throws Exception {
    BlockingQueue<Throwable> complaints = new LinkedBlockingQueue<>();
    CountDownLatch runs = new CountDownLatch(3);
    try (NettyLoop loop = new NettyLoop("test", complaints::add)) {
      loop.every(
          1,
          () -> {
            runs.countDown();
            throw new IllegalStateException("defect");
          });
      assertThat(runs.await(WAIT_S_MAX, TimeUnit.SECONDS)).isTrue();
      assertThat(complaints.poll(WAIT_S_MAX, TimeUnit.SECONDS)).hasMessage("defect");
    }
  }
}
