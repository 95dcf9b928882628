package io.watchword.compat;

import io.watchword.config.Directives;
import io.watchword.server.TestEngine;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connection, transaction and pub/sub commands: the same words to both servers. */
final class ConnectionCompatTest {
  private static StockRedis stock;
  private RawClient client;
  private TestEngine server;
  private SameAnswers both;

  @BeforeAll
  static void start() {
    stock = StockRedis.start();
  }

  @AfterAll
  static void stop() {
    stock.close();
  }

  @BeforeEach
  void connect() {
    client = stock.talk();
    client.ask("FLUSHALL");
    server = new TestEngine();
    both = new SameAnswers(client, server);
  }

  @AfterEach
  void hangUp() {
    client.close();
  }

  @Test
  void shouldRefuseWhatIsNoCommandInTheSameWords() {
    both.line("nope").line("NOPE a b").line("get").line("get a b").line("set a").line("ping a b");
    both.line("client").line("client nope").line("client kill").line("client id x");
    both.line("CONFIGS x").ask("a'b\r\nc", "d\ne").ask("", "").ask("x".repeat(200), "y".repeat(99));
    both.ask("x", "y".repeat(100), "z".repeat(100), "w").ask("\u00ff", "\u00fe");
  }

  @Test
  void shouldAnswerSmallCommandsAlike() {
    both.line("ping")
        .line("ping hi")
        .line("echo hi")
        .line("echo")
        .line("select 3")
        .line("select 16");
    both.line("select -1").line("select x").line("select 99999999999").line("quit");
  }

  @Test
  void shouldGreetAlike() {
    UnaryOperator<String> blur =
        reply ->
            reply.replaceAll("\\$\\d\\r\\n[67]\\.\\d\\.\\d+", "VERSION").replaceAll(":\\d+", ":N");
    both.ask(blur, "hello").ask(blur, "hello", "3").ask(blur, "hello", "2");
    both.line("hello 4").line("hello x").line("hello 3 foo").line("hello 3 auth a");
    both.line("hello 3 setname").ask("hello", "3", "setname", "a b");
    both.ask(blur, "hello", "3", "setname", "ann").line("client getname");
    both.ask(blur, "hello", "3", "auth", "default", "any").line("hello 3 auth bob x");
  }

  @Test
  void shouldAnswerClientSubcommandsAlike() {
    both.line("client getname").ask("client", "setname", "a b").line("client setname ann");
    both.line("client getname").ask("client", "setname", "").line("client getname");
    both.line("client kill 1.2.3.4:5").line("client kill id 0").line("client kill id x");
    both.line("client kill id 99999").line("client kill type nope").line("client kill addr");
    both.line("client pause").line("client pause x").line("client pause -1");
    both.line("client pause 1 all y").line("client pause 1 maybe").line("client unpause");
    both.line("client pause 60000 write").line("get nothing").line("client unpause");
    both.line("client unpause x").line("client pause 0 write").line("client unpause");
    both.line("client kill user bob").line("client kill skipme maybe").line("client kill foo bar");
    both.line("client list type nope").line("client list id x").line("client list foo");
    both.line("client reply nope").line("client reply on");
    both.line("client list id 99999").line("client list type master");
  }

  @Test
  void shouldBringAConnectionBackToItsBeginning() {
    both.line("hello 3 setname ann select").line("select 3").line("multi").line("set a b");
    both.line("reset").line("exec").line("get a").line("client getname");
  }

  @Test
  void shouldAskForAPasswordAlike() {
    client.ask("config", "set", "requirepass", "secret");
    server.config().put(Directives.REQUIREPASS, "secret");
    try (RawClient stranger = stock.talk()) {
      SameAnswers strangers = new SameAnswers(stranger, server);
      strangers.line("get a").line("nope").line("get").line("hello 3").line("auth wrong");
      strangers.line("auth bob secret").line("auth a b c").line("multi").line("reset");
      strangers.line("auth default wrong").line("auth secret").line("get a").line("reset");
      strangers.line("get a").line("auth default secret").line("get a");
    } finally {
      client.ask("config", "set", "requirepass", "");
    }
    server.config().put(Directives.REQUIREPASS, "");
    both.line("auth x").line("auth default x").line("auth bob x");
  }

  @Test
  void shouldRunTransactionsAlike() {
    both.line("exec").line("discard").line("multi").line("multi").line("exec");
    both.line("multi").line("set a 1").line("get a").line("get a b").line("exec");
    both.line("multi").line("set a 1").line("nope").line("discard").line("get a");
    both.line("multi").line("set a 1").line("get a").line("ping").line("exec");
    both.line("multi").line("watch a").line("exec").line("multi").line("exec x").line("exec");
    both.line("multi").line("select 2").line("set b 1").line("exec").line("get b").line("select 0");
    both.line("multi").line("discard x").line("exec");
  }

  @Test
  void shouldNoticeChangesOfWatchedKeysAlike() {
    both.line("watch a b").line("set a 1").line("multi").line("get a").line("exec").line("get a");
    both.line("watch a").line("set a 2").line("unwatch").line("multi").line("get a").line("exec");
    both.line("watch a").line("set a 3").line("multi").line("discard").line("multi").line("exec");
    both.line("watch").line("unwatch x");
  }

  @Test
  void shouldSubscribeAlike() {
    for (String protocol : List.of("2", "3")) {
      UnaryOperator<String> blur = reply -> "";
      both.ask(blur, "hello", protocol);
      both.askFor(2, "subscribe", "a", "b")
          .askFor(1, "psubscribe", "n*")
          .askFor(1, "subscribe", "a");
      both.line("ping")
          .line("ping x")
          .line("get a")
          .line("client getname")
          .line("multi x")
          .line("nope");
      both.askFor(2, "unsubscribe", "nope", "b").askFor(1, "unsubscribe");
      both.askFor(1, "unsubscribe");
      both.askFor(1, "punsubscribe").askFor(1, "punsubscribe").line("get a");
      both.line("subscribe").line("publish a").line("publish a x");
      both.line("reset");
    }
  }

  @Test
  void shouldTellWhoListensAlike() {
    both.askFor(1, "subscribe", "a").line("reset").line("pubsub channels").line("pubsub numpat");
    both.line("pubsub numsub a b").line("pubsub channels a b").line("pubsub numsub").line("pubsub");
    both.line("pubsub nope").line("hello 3 auth default").line("pubsub numpat x");
  }

  @Test
  void shouldTellItselfAMessageInTheSameOrder() {
    both.ask(reply -> "", "hello", "3");
    both.askFor(1, "subscribe", "a").askFor(2, "publish", "a", "hi");
    both.askFor(1, "psubscribe", "*").askFor(3, "publish", "a", "hi");
  }
}
