package io.watchword.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.config.Directives;
import io.watchword.server.TestConnection;
import io.watchword.server.TestEngine;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that are no proper requests, to both servers: the same answers, the same end. */
final class ProtocolCompatTest {
  private static StockRedis stock;

  @BeforeAll
  static void start() {
    stock = StockRedis.start();
  }

  @AfterAll
  static void stop() {
    stock.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*1\r\n$-9\r\n",
        "*1\r\n$x\r\n",
        "*1\r\n:4\r\nPING\r\n",
        "*1\r\nPING\r\n",
        "*x\r\n",
        "*99999999999\r\n",
        "*2147483648\r\n",
        "*1\r\n$536870913\r\n",
        "*1\r\n$99999999999999999999\r\n",
        "PING \"abc\r\n",
        "PING 'abc\r\n",
        "PING \"a\"b\r\n",
        "SET k \"\\xff\\n\"\r\nGET k\r\n*1\r\n$x\r\n",
        "PING\nPING\r\n\r\nECHO 'it\\'s'\r\n*1\r\n$x\r\n",
        "*0\r\n*-1\r\n*-5\r\nPING\r\n*1\r\n$x\r\n",
        "*1\r\n$4\r\nPINGxxPING\r\n*1\r\n$x\r\n",
        "*1\r\n$0\r\n\r\n*1\r\n$x\r\n",
        "*1\r\n$04\r\nPING\r\n",
        "*01\r\n$4\r\nPING\r\n",
        "*+1\r\n$4\r\nPING\r\n",
        "*1 \r\n",
        "*\r\n",
        "*1\r\n$\r\n",
        "*1\r\n$4\nPING\r\n*1\r\n$x\r\n",
        "QUIT\r\nPING\r\n",
        "POST / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "   \r\n\t PING \r\nQUIT\r\n"
      })
  void shouldAnswerTheSameBytesTheSameWay(String bytes) {
    try (RawClient theirs = stock.talk()) {
      String expected = theirs.send(bytes).replyUntilClosed();
      TestConnection whole = new TestEngine().connect();
      assertThat(whole.send(bytes)).isEqualTo(expected);
      assertThat(whole.isOpen()).isFalse();
      TestConnection pieces = new TestEngine().connect();
      assertThat(pieces.sendByteByByte(bytes)).isEqualTo(expected);
    }
  }

  @Test
  void shouldHangUpOnABrowserWithoutAWord() {
    String bytes = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\nPING\r\n";
    try (RawClient theirs = stock.talk()) {
      assertThat(new TestEngine().connect().send(bytes))
          .isEqualTo(theirs.send(bytes).replyUntilClosed());
    }
  }

  @Test
  void shouldRefuseWhatIsTooLong() {
    for (String start : new String[] {"*", "*1\r\n$", "PING "}) {
      String bytes = start + "1".repeat(70_000);
      try (RawClient theirs = stock.talk()) {
        String expected = theirs.send(bytes).replyUntilClosed();
        assertThat(new TestEngine().connect().send(bytes)).as(start).isEqualTo(expected);
      }
    }
  }

  @Test
  void shouldHoldStrangersToSmallRequests() {
    try (RawClient admin = stock.talk()) {
      admin.ask("CONFIG", "SET", "requirepass", "secret");
      for (String bytes :
          new String[] {
            "*11\r\n", "*1\r\n$16385\r\n", "*10\r\n$16384\r\n" + "x".repeat(100) + "\r\n*x"
          }) {
        TestEngine server = new TestEngine();
        server.config().put(Directives.REQUIREPASS, "secret");
        boolean refused = bytes.length() < 20;
        try (RawClient theirs = stock.talk()) {
          String expected = refused ? theirs.send(bytes).replyUntilClosed() : "";
          assertThat(server.connect().send(bytes)).as(bytes).isEqualTo(expected);
        }
      }
      admin.ask("CONFIG", "SET", "requirepass", "");
    }
  }

  /** Replay: {@code mvn -pl engine test -Dtest=ProtocolCompatTest -Dwatchword.seed=N}. */
  @Test
  void shouldAnswerRandomBytesTheSameWay() {
    long seed = Long.getLong("watchword.seed", System.nanoTime());
    System.out.println("ProtocolCompatTest -Dwatchword.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    String[] pieces = {
      "*",
      "$",
      "\r\n",
      "\n",
      "1",
      "2",
      "-1",
      "4",
      "PING",
      "\"",
      "'",
      " ",
      "\\",
      "x",
      "\u00ff",
      "*1\r\n$4\r\nPING\r\n",
      "PING\r\n",
      "*2\r\n$4\r\nECHO\r\n$1\r\n"
    };
    for (int i = 0; i < 300; i++) {
      StringBuilder bytes = new StringBuilder();
      int count = random.nextInt(12);
      for (int j = 0; j < count; j++) {
        bytes.append(pieces[random.nextInt(pieces.length)]);
      }
      // Ends whatever the bytes before it began, so that both servers close.
      bytes.append("\r\n\r\n*x\r\n").append("*x\r\n".repeat(8)).append("\"\r\n");
      compare(seed, bytes.toString());
    }
  }

  private static void compare(long seed, String bytes) {
    try (RawClient theirs = stock.talk()) {
      TestConnection ours = new TestEngine().connect();
      String got = ours.send(bytes);
      if (!ours.isOpen()) {
        String expected = theirs.send(bytes).replyUntilClosed();
        assertThat(got).as("seed %s, bytes <%s>", seed, bytes).isEqualTo(expected);
      }
    }
  }
}
