package io.watchword.compat;

import io.watchword.config.Directives;
import io.watchword.server.TestEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** COMMAND, CONFIG, DEBUG and SHUTDOWN: the same words to both servers. */
final class ServerCommandsCompatTest {
  private final StockRedis stock = StockRedis.start();
  private final RawClient client = stock.talk();
  private SameAnswers both;

  @BeforeEach
  void connect() {
    both = new SameAnswers(client, new TestEngine());
  }

  @AfterEach
  void stop() {
    client.close();
    stock.close();
  }

  @Test
  void shouldFindKeysAlike() {
    both.line("command getkeys get a").line("command getkeys mset a 1 b 2").line("command getkeys");
    both.line("command getkeys nope a")
        .line("command getkeys set a")
        .line("command getkeys del a b");
    both.line("command getkeys ping x").line("command getkeysandflags get a");
    both.line("command getkeys object encoding k").line("command getkeys mset a 1 b");
  }

  @Test
  void shouldRefuseAlike() {
    both.line("command foo").line("command count x").line("command list foo");
    both.line("command list filterby").line("command list filterby module x");
    both.line("command list filterby aclcat foo").line("command list filterby pattern getd*");
    both.line("command info nope").line("command docs nope").line("config").line("config foo");
    both.line("config get").line("config set hz").line("config set hz 1 timeout");
    both.line("config set foo bar").line("config get foo").line("config rewrite");
    both.line("config get HZ hz").line("config resetstat x");
    both.line("debug").line("debug foo").line("debug digest x").line("debug populate x");
    both.line("shutdown foo").line("shutdown abort x").line("shutdown save nosave");
    both.line("time x").line("multi").line("shutdown").line("exec");
  }

  @Test
  void shouldDigestWhatDebugMadeAlike() {
    both.line("debug digest").line("debug populate 100").line("debug digest");
    both.line("debug populate 10 x 5").line("debug digest").line("get x:3").line("dbsize");
    both.line("set a b ex 100").line("select 3").line("set a b").line("debug digest");
  }

  @Test
  void shouldGuardDebugAlike() {
    try (StockRedis strict = StockRedis.start("--enable-debug-command", "no");
        RawClient theirs = strict.talk()) {
      TestEngine server = new TestEngine();
      server.config().put(Directives.ENABLE_DEBUG_COMMAND, "no");
      new SameAnswers(theirs, server).line("debug digest").line("debug").line("debug sleep 0");
    }
  }
}
