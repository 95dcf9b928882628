package io.watchword.command;

import io.watchword.bytes.Bytes;
import io.watchword.keyspace.Digest;
import io.watchword.keyspace.Entries;
import io.watchword.keyspace.Keyspace;
import io.watchword.resp.Reply;
import io.watchword.resp.ReplyReader;
import io.watchword.resp.Request;
import io.watchword.resp.RequestReader;
import io.watchword.resp.RespWriter;
import io.watchword.server.CommandIndex;
import io.watchword.server.ServerGate;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A keyspace and a dispatcher over all commands, without a network: words in, reply out. Its clock
 * stands still until a test moves it, its luck comes from a seed, and it keeps what replicas would
 * be told.
 *
 * <p>Words are Latin-1, each char a byte, so that they can be any bytes.
 */
public final class TestServer {
  /** Where the clock stands at first. */
  public static final long START_MS = 1_700_000_000_000L;

  private static final int REPLY_BYTES_MAX = 1 << 30;
  private static final long PAGE_BYTES_MAX = 1L << 30;

  private final Keyspace keyspace;
  private final Stats stats = new Stats();
  private final ServerGate gate = new ServerGate();
  private final RecordingJournal journal = new RecordingJournal();
  private final Dispatcher dispatcher;
  private final TestClient first;
  private long nowMs = START_MS;
  private long nextId = 1;

  /** A server with every command that {@link CommandIndex} lists. */
  public TestServer() {
    this(CommandIndex.table(), 1);
  }

  /**
   * @param seed of what commands draw by chance and of the keyspace's hash
   */
  public TestServer(CommandTable table, long seed) {
    this(table, seed, PAGE_BYTES_MAX);
  }

  /**
   * @param pageBytesMax limit of the memory for keys and values
   */
  public TestServer(CommandTable table, long seed, long pageBytesMax) {
    keyspace = new Keyspace(16, pageBytesMax, seed, ~seed);
    dispatcher = new Dispatcher(table, keyspace, gate, stats, journal, new SplittableRandom(seed));
    dispatcher.offer(SnapshotControl.class, new NoSnapshot());
    first = connect();
    clock(nowMs);
  }

  /** Nothing is saved here unless a test offers somebody who does. */
  private static final class NoSnapshot implements SnapshotControl {
    @Override
    public void beforeFlushAll() {}

    @Override
    public void afterFlushAll() {}
  }

  /** Runs a command by the first client. */
  public Reply run(String... words) {
    return first.run(words);
  }

  /** The client that {@link #run} speaks for. */
  public TestClient client() {
    return first;
  }

  /** One more client. */
  public TestClient connect() {
    return new TestClient(new Client(nextId++, null, new RespWriter(1 << 10), nowMs));
  }

  /** Milliseconds since the epoch that commands see. */
  public long now() {
    return nowMs;
  }

  /** Sets the clock, in milliseconds since the epoch. */
  public void clock(long ms) {
    nowMs = ms;
    dispatcher.now(ms);
    keyspace.clock(ms);
  }

  /** Moves the clock. */
  public void pass(long ms) {
    clock(nowMs + ms);
  }

  /** What replicas were told since the last {@link #forget}: commands as lists of words. */
  public List<List<String>> journal() {
    return journal.commands();
  }

  /** The same, without the SELECT that comes first: what the last commands told. */
  public List<List<String>> told() {
    List<List<String>> commands = new ArrayList<>(journal.commands());
    commands.removeIf(words -> words.get(0).equals("SELECT"));
    return commands;
  }

  /** The encoded units, each applied whole or not at all. */
  public List<byte[]> units() {
    return journal.units();
  }

  /** Empties {@link #journal} and {@link #units}. */
  public void forget() {
    journal.forget();
  }

  /** A digest of all content: equal content, equal digest. */
  public String digest() {
    return Digest.of(keyspace);
  }

  /** Every key with its database, value and deadline, sorted: what replicas must agree on. */
  public List<String> content() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < keyspace.count(); i++) {
      int database = i;
      Entries entries = keyspace.database(i).entries();
      keyspace
          .database(i)
          .each(
              ref -> {
                int at = entries.valueAt(ref);
                String key = new String(entries.key(ref), StandardCharsets.ISO_8859_1);
                String value =
                    new String(
                        entries.valueArray(ref),
                        at,
                        entries.length(ref),
                        StandardCharsets.ISO_8859_1);
                all.add(database + " " + key + " = " + value + " @ " + entries.deadline(ref));
              });
    }
    Collections.sort(all);
    return all;
  }

  public Keyspace keyspace() {
    return keyspace;
  }

  public Dispatcher dispatcher() {
    return dispatcher;
  }

  public Stats stats() {
    return stats;
  }

  /** What stands before commands; open at first. */
  public ServerGate gate() {
    return gate;
  }

  /** One connection. */
  public final class TestClient {
    private final Client client;
    private final RequestReader reader = new RequestReader();
    private final ReplyReader replies = new ReplyReader(REPLY_BYTES_MAX);

    TestClient(Client client) {
      this.client = client;
      client.authenticated = true;
    }

    /** The facts that commands see and change. */
    public Client client() {
      return client;
    }

    /** Answers are in RESP3 from now on when {@code version} is 3. */
    public TestClient protocol(int version) {
      client.out.protocol(version);
      return this;
    }

    /** From now on this client is the master whose stream is applied. */
    public TestClient master() {
      client.kind = Client.Kind.MASTER;
      return this;
    }

    /** Runs one command and returns its reply. */
    public Reply run(String... words) {
      return decode(rawBytes(encode(words)));
    }

    /** Runs one command and returns the reply's bytes as Latin-1. */
    public String raw(String... words) {
      return new String(rawBytes(encode(words)), StandardCharsets.ISO_8859_1);
    }

    /** Runs every request in {@code requests} and returns the bytes of all replies. */
    public byte[] rawBytes(byte[] requests) {
      for (int at = 0; at < requests.length; ) {
        if (reader.read(requests, at, requests.length) != RequestReader.Status.READY) {
          throw new AssertionError("no whole request: " + reader.problem());
        }
        int next = at + reader.scanned();
        dispatcher.execute(client, reader, requests, at);
        reader.next();
        at = next;
      }
      byte[] answered = Arrays.copyOf(client.out.array(), client.out.size());
      client.out.clear();
      return answered;
    }

    private Reply decode(byte[] answered) {
      replies.feed(answered, 0, answered.length);
      try {
        Reply reply = replies.findNext();
        if (reply == null || replies.rest().length > 0) {
          throw new AssertionError("not one reply: " + Bytes.wrap(answered));
        }
        return reply;
      } catch (ReplyReader.MalformedReply e) {
        throw new AssertionError(e);
      }
    }
  }

  private static byte[] encode(String... words) {
    List<Bytes> args = new ArrayList<>();
    for (String word : words) {
      args.add(Bytes.wrap(word.getBytes(StandardCharsets.ISO_8859_1)));
    }
    return Request.encode(args);
  }
}
