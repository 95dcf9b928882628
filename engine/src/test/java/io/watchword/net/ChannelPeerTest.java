package io.watchword.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.resp.Conversation;
import io.watchword.resp.Peer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class ChannelPeerTest {
  private static final int MORE_THAN_SOCKETS_HOLD = 64 << 20;
  private static final int WAIT_S_MAX = 10;

  @Test
  void shouldEndAConnectionAtOnceThoughItsFarEndDoesNotRead() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    talk(
        peer -> {
          peer.send(new byte[MORE_THAN_SOCKETS_HOLD], 0, MORE_THAN_SOCKETS_HOLD);
          peer.flush();
          peer.abort();
        },
        closed,
        socket -> assertThat(closed.await(WAIT_S_MAX, TimeUnit.SECONDS)).isTrue());
  }

  @Test
  void shouldLoseNothingOfAReplyBehindWhichItCloses() throws Exception {
    talk(
        peer -> {
          peer.send(new byte[MORE_THAN_SOCKETS_HOLD], 0, MORE_THAN_SOCKETS_HOLD);
          peer.flush();
          peer.close();
        },
        new CountDownLatch(1),
        socket ->
            assertThat(socket.getInputStream().readAllBytes()).hasSize(MORE_THAN_SOCKETS_HOLD));
  }

  private interface Look {
    void at(Socket socket) throws IOException, InterruptedException;
  }

  /** Lets {@code answer} speak to whatever one client sends, while {@code look} looks. */
  private static void talk(Consumer<Peer> answer, CountDownLatch closed, Look look)
      throws IOException, InterruptedException {
    InetAddress here = InetAddress.getLoopbackAddress();
    try (NettyLoop loop = new NettyLoop("test", Throwable::printStackTrace);
        RespServer server =
            RespServer.listen(
                loop,
                here.getHostAddress(),
                0,
                8,
                0,
                peer -> new Answering(peer, answer, closed),
                why -> {});
        Socket socket = new Socket(here, server.port())) {
      socket.getOutputStream().write('?');
      look.at(socket);
    }
  }

  private record Answering(Peer peer, Consumer<Peer> answer, CountDownLatch gone)
      implements Conversation {
    @Override
    public void received(byte[] data, int from, int to) {
      answer.accept(peer);
    }

    @Override
    public void turnEnded() {}

    @Override
    public void closed(String why) {
      gone.countDown();
    }
  }
}
