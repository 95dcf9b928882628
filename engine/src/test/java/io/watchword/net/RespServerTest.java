package io.watchword.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import io.watchword.config.Directives;
import io.watchword.server.TestEngine;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
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

  @Test
  void shouldAskForThePasswordOnAConnectionMadeBeforeItOpened() throws Exception {
    TestEngine engine = new TestEngine();
    InetAddress here = InetAddress.getLoopbackAddress();
    try (NettyLoop loop = new NettyLoop("test", Throwable::printStackTrace);
        RespServer server =
            RespServer.bind(loop, here.getHostAddress(), 0, 8, 0, engine.engine(), why -> {});
        Socket early = new Socket(here, server.port())) {
      early.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      CompletableFuture<Void> known = new CompletableFuture<>();
      loop.execute(
          () -> {
            engine.config().put(Directives.REQUIREPASS, "secret");
            known.complete(null);
          });
      known.join();
      server.open();
      byte[] reply = early.getInputStream().readNBytes(7);
      assertThat(new String(reply, StandardCharsets.US_ASCII)).isEqualTo("-NOAUTH");
    }
  }
}
