package io.watchword.bench;

import io.watchword.command.Gate;
import io.watchword.command.Journal;
import io.watchword.keyspace.Keyspace;
import io.watchword.os.SystemClock;
import io.watchword.resp.Conversation;
import io.watchword.resp.Peer;
import io.watchword.resp.Request;
import io.watchword.server.CommandIndex;
import io.watchword.server.Engine;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The path of a command from the bytes of a read to the bytes of the replies, without a socket: a
 * pipeline of {@link #PIPELINE} requests a turn.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HotPathBench {
  static final int PIPELINE = 64;
  private static final int MANY = 20_000;

  private final Sink sink = new Sink();
  private Conversation conversation;
  private byte[] sets;
  private byte[] gets;

  @Setup
  public void setUp() {
    Engine engine =
        new Engine(
            new SystemClock(),
            new Keyspace(16, 1 << 28, 1, 2),
            CommandIndex.table(),
            new OpenGate(),
            new NoJournal(),
            new SplittableRandom(1));
    conversation = engine.opened(sink);
    StringBuilder set = new StringBuilder();
    StringBuilder get = new StringBuilder();
    for (int i = 0; i < PIPELINE; i++) {
      String key = "key:" + i;
      set.append(latin(Request.encode("SET", key, "x".repeat(100))));
      get.append(latin(Request.encode("GET", key)));
    }
    sets = set.toString().getBytes(StandardCharsets.ISO_8859_1);
    gets = get.toString().getBytes(StandardCharsets.ISO_8859_1);
    turn(sets);
    // So many that the keys of a pipeline are looked at together.
    for (int i = 0; i < MANY; i++) {
      turn(Request.encode("SET", "other:" + i, "x"));
    }
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Overwrites a value with one of the same length. */
  @Benchmark
  @OperationsPerInvocation(PIPELINE)
  public long set() {
    return turn(sets);
  }

  @Benchmark
  @OperationsPerInvocation(PIPELINE)
  public long get() {
    return turn(gets);
  }

  private long turn(byte[] requests) {
    conversation.received(requests, 0, requests.length);
    conversation.turnEnded();
    return sink.sent;
  }

  /** Counts what it is sent. */
  private static final class Sink implements Peer {
    long sent;

    @Override
    public void send(byte[] bytes, int offset, int length) {
      sent += length;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    @Override
    public long pendingBytes() {
      return 0;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void readMore(boolean wanted) {}

    @Override
    public String remote() {
      return "127.0.0.1:1";
    }

    @Override
    public String local() {
      return "127.0.0.1:2";
    }
  }

  private static final class OpenGate implements Gate.State {
    @Override
    public boolean authRequired() {
      return false;
    }

    @Override
    public String findMisconf() {
      return null;
    }

    @Override
    public String findWriteRefusal() {
      return null;
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

  private static final class NoJournal implements Journal {
    @Override
    public boolean wanted() {
      return false;
    }

    @Override
    public int database() {
      return 0;
    }

    @Override
    public void append(byte[] bytes, int from, int to, int database) {}
  }
}
