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
import java.util.concurrent.atomic.AtomicInteger;
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

  @Test
  void shouldResolveOtherNamesHoweverOftenASilentOneIsDialled() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    try (NettyLoop loop = new NettyLoop("test", Throwable::printStackTrace);
        RespServer server = listen(loop)) {
      RespClient client =
          new RespClient(
              loop,
              told::add,
              host -> {
                asked.incrementAndGet();
                if (host.equals("silent.example")) {
                  await(answer);
                  throw new UnknownHostException(host);
                }
                return InetAddress.getLoopbackAddress();
              });
      for (int i = 0; i < Resolver.WAITING_MAX; i++) {
        loop.execute(() -> dial(client, "silent.example", 1));
      }
      loop.execute(() -> dial(client, "quick.example", server.port()));
      assertThat(told.poll(PATIENCE_S, TimeUnit.SECONDS)).startsWith("connected");
      assertThat(asked).hasValue(2);

      loop.execute(() -> dial(client, "silent.example", 1));
      assertThat(told.poll(PATIENCE_S, TimeUnit.SECONDS)).startsWith("too many wait for a name");
      answer.countDown();
      for (int i = 0; i < Resolver.WAITING_MAX; i++) {
        assertThat(told.poll(PATIENCE_S, TimeUnit.SECONDS)).startsWith("can't resolve silent");
      }
    }
  }

  @Test
  void shouldRefuseANameRatherThanAskForWithoutLimit() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    try (NettyLoop loop = new NettyLoop("test", Throwable::printStackTrace)) {
      RespClient client =
          new RespClient(
              loop,
              told::add,
              host -> {
                await(answer);
                throw new UnknownHostException(host);
              });
      for (int i = 0; i <= Resolver.NAMES_MAX; i++) {
        String host = "silent" + i + ".example";
        loop.execute(() -> dial(client, host, 1));
      }
      assertThat(told.poll(PATIENCE_S, TimeUnit.SECONDS))
          .startsWith("too many names are being resolved: silent" + Resolver.NAMES_MAX);
      answer.countDown();
      for (int i = 0; i < Resolver.NAMES_MAX; i++) {
        assertThat(told.poll(PATIENCE_S, TimeUnit.SECONDS)).startsWith("can't resolve silent");
      }
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
