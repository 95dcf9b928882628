package io.watchword.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.resp.Conversation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RespClientTest {
  private static final int PATIENCE_S = 30;

  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  @Test
  void shouldServeOthersWhileANameIsResolved() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    try (NettyLoop loop = new NettyLoop("test", Throwable::printStackTrace);
        RespServer server = listen(loop)) {
      RespClient client =
          new RespClient(
              loop,
              told::add,
              host -> {
                await(answer);
                return InetAddress.getLoopbackAddress();
              });
      loop.execute(() -> dial(client, "slow.example", server.port()));
      loop.execute(() -> told.add("served"));

      assertThat(told.poll(PATIENCE_S, TimeUnit.SECONDS)).isEqualTo("served");
      answer.countDown();
      assertThat(told.poll(PATIENCE_S, TimeUnit.SECONDS)).startsWith("connected on test-");
    }
  }

  @Test
  void shouldSayOnTheLoopThatANameIsNotKnown() throws Exception {
    try (NettyLoop loop = new NettyLoop("test", Throwable::printStackTrace)) {
      RespClient client =
          new RespClient(
              loop,
              told::add,
              host -> {
                throw new UnknownHostException(host);
              });
      loop.execute(() -> dial(client, "nobody.example", 1));

      assertThat(told.poll(PATIENCE_S, TimeUnit.SECONDS))
          .startsWith("can't resolve nobody.example on test-");
    }
  }

  private void dial(RespClient client, String host, int port) {
    client.connect(
        host,
        port,
        "",
        1_000,
        peer -> {
          tell("connected");
          return new Silent();
        },
        this::tell);
  }

  private void tell(String what) {
    told.add(what + " on " + Thread.currentThread().getName());
  }

  private static RespServer listen(NettyLoop loop) throws IOException {
    String here = InetAddress.getLoopbackAddress().getHostAddress();
    return RespServer.listen(loop, here, 0, 8, 0, peer -> new Silent(), why -> {});
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(PATIENCE_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Silent implements Conversation {
    @Override
    public void received(byte[] data, int from, int to) {}

    @Override
    public void turnEnded() {}

    @Override
    public void closed(String why) {}
  }
}
