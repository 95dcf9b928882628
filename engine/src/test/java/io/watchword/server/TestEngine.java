package io.watchword.server;

import io.watchword.command.Gate;
import io.watchword.command.Journal;
import io.watchword.command.config.ConfigRewriter;
import io.watchword.command.pubsub.Subscribers;
import io.watchword.config.Config;
import io.watchword.config.Directives;
import io.watchword.keyspace.Keyspace;
import io.watchword.resp.RespWriter;
import io.watchword.sys.Clock;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * An engine without sockets, threads or a clock of its own: what a client sends is served within
 * the call, and what it would have been sent is the result. Time stands still until {@link
 * #advance}.
 */
public final class TestEngine {
  /** When time begins. */
  public static final long START_MS = 1_700_000_000_000L;

  private final TestClock clock = new TestClock();
  private final Config config = new Config(Directives.ALL);
  private final StringBuilder journal = new StringBuilder();
  private final Rules rules = new Rules();
  private final Engine engine;
  private int clients;

  public TestEngine() {
    engine =
        new Engine(
            clock,
            new Keyspace(16, 64 << 20, 1, 2),
            CommandIndex.table(),
            rules,
            new TextJournal(),
            new SplittableRandom(3));
    Subscribers subscribers = new Subscribers(engine);
    engine.onUnsubscribe(subscribers::forget);
    config.put(Directives.ENABLE_DEBUG_COMMAND, "yes");
    engine.dispatcher().offer(Config.class, config);
    engine
        .dispatcher()
        .offer(
            ConfigRewriter.class, () -> Optional.of("The server is running without a config file"));
    engine.dispatcher().offer(Subscribers.class, subscribers);
  }

  /** A new connection. */
  public TestConnection connect() {
    return new TestConnection(engine, ++clients);
  }

  /** The engine, for ports that a test offers and for what it looks at. */
  public Engine engine() {
    return engine;
  }

  public Config config() {
    return config;
  }

  /** What writes are refused with; null for nothing. */
  public void refuseWrites(String error) {
    rules.writeRefusal = error;
  }

  /** Lets time go on. */
  public void advance(long millis) {
    clock.now += millis;
  }

  /** Everything that left for replicas since the last look, as RESP. */
  public String journal() {
    String all = journal.toString();
    journal.setLength(0);
    return all;
  }

  private static final class TestClock implements Clock {
    private long now = START_MS;

    @Override
    public long millis() {
      return now;
    }

    @Override
    public long nanos() {
      return now * 1_000_000;
    }
  }

  private final class TextJournal implements Journal {
    private int database = -1;

    @Override
    public boolean wanted() {
      return true;
    }

    @Override
    public int database() {
      return database;
    }

    @Override
    public void append(byte[] bytes, int from, int to, int selected) {
      journal.append(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
      database = selected;
    }
  }

  private final class Rules implements Gate.State {
    private String writeRefusal;

    @Override
    public boolean authRequired() {
      return !config.get(Directives.REQUIREPASS).isEmpty();
    }

    @Override
    public String findMisconf() {
      return null;
    }

    @Override
    public String findWriteRefusal() {
      return writeRefusal;
    }

    @Override
    public boolean isStale() {
      return false;
    }

    @Override
    public boolean isLoading() {
      return false;
    }
  }

  /** The RESP form of a request. */
  static byte[] request(String... argv) {
    RespWriter out = new RespWriter(64);
    out.array(argv.length);
    for (String word : argv) {
      out.bulk(word.getBytes(StandardCharsets.ISO_8859_1));
    }
    return java.util.Arrays.copyOf(out.array(), out.size());
  }
}
