package io.watchword.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import org.junit.jupiter.api.Test;

final class RespServerTest {
  @Test
  void shouldProbeASilentConnectionAfterTheSecondsAskedFor() {
    assumeTrue(Epoll.isAvailable(), "epoll's options");
    EpollSocketChannel channel = new EpollSocketChannel();
    RespServer.probeAfter(300, channel.config());
    assertThat(channel.config().getTcpKeepIdle()).isEqualTo(300);
    assertThat(channel.config().getTcpKeepIntvl()).isEqualTo(100);
    assertThat(channel.config().getTcpKeepCnt()).isEqualTo(3);
    channel.unsafe().closeForcibly();
  }
}
