package io.watchword.command;

import io.watchword.bytes.Ascii;
import io.watchword.bytes.Bytes;
import io.watchword.keyspace.Keyspace;
import io.watchword.memory.PagesFull;
import io.watchword.resp.ReplyTooLong;
import io.watchword.resp.RequestReader;
import io.watchword.resp.RespWriter;
import io.watchword.sys.Check;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Runs requests: finds the row, asks the gate, queues inside MULTI or runs the body, then appends
 * what changed to the journal as one unit. Used by the command thread alone.
 */
public final class Dispatcher {
  private static final int DEPTH_MAX = 3;
  private static final byte[] QUEUED = RespWriter.ascii("+QUEUED\r\n");

  private static final String QUEUE_FULL = "ERR transaction exceeds client-query-buffer-limit";
  private static final String UNIT_FULL = "ERR transaction exceeds what replicas take at once";

  /** Of a queued command's objects, roughly; its form in the stream gains less. */
  private static final int QUEUED_BYTES_EACH = 64;

  /** Of its place in the queue, and of a DEL in the stream if it is a key that has expired. */
  private static final int ARGUMENT_BYTES_EACH = 24;

  private final CommandTable table;
  private final Keyspace keyspace;
  private final Gate gate;
  private final Stats stats;
  private final Journal journal;
  private final Unit unit;
  private final Call[] calls = new Call[DEPTH_MAX];
  private final Map<Class<?>, Object> ports = new LinkedHashMap<>();
  private int depth;
  private boolean replica;
  private Pause pause = Pause.NONE;
  private long now;
  private long stringBytesMax = 512L << 20;
  private long queuedBytesMax = 1L << 30;
  private long unitBytesMax = 1L << 30;
  private LongSupplier nanos = () -> 0;

  public Dispatcher(
      CommandTable table,
      Keyspace keyspace,
      Gate.State state,
      Stats stats,
      Journal journal,
      RandomGenerator random) {
    this.table = table;
    this.keyspace = keyspace;
    this.gate = new Gate(state);
    this.stats = stats;
    this.journal = journal;
    this.unit = new Unit(journal);
    for (int i = 0; i < DEPTH_MAX; i++) {
      calls[i] = new Call(this, keyspace, stats, random);
    }
    int rows = table.counters();
    stats.calls = new long[rows];
    stats.nanos = new long[rows];
    stats.rejected = new long[rows];
    stats.failed = new long[rows];
  }

  /**
   * Gives the monotonic clock, in nanoseconds, by which commands are timed; without, they are not.
   */
  public void timedBy(LongSupplier clock) {
    nanos = clock;
  }

  /** Offers bodies something of the server under the interface that their group declares. */
  public <T> void offer(Class<T> type, T port) {
    ports.put(type, port);
  }

  <T> T port(Class<T> type) {
    Object port = ports.get(type);
    Check.that(port != null, "nobody offers " + type.getSimpleName());
    return type.cast(port);
  }

  public CommandTable table() {
    return table;
  }

  /** Whether the running command is part of a transaction that EXEC runs. */
  public boolean isNested() {
    return depth > 1;
  }

  /** Whether this node follows a master: then nothing expires but by the master's word. */
  public boolean isReplica() {
    return replica;
  }

  public void replica(boolean value) {
    replica = value;
  }

  /** What clients wait for from now on. */
  public void pause(Pause value) {
    pause = value;
  }

  /** What clients wait for. */
  public Pause pause() {
    return pause;
  }

  /** Whether keys end by this node's clock: not on a replica, and not while writes are paused. */
  public boolean deadlinesPass() {
    return !replica && pause == Pause.NONE;
  }

  /** Limit of a string that commands build up, in bytes: {@code proto-max-bulk-len}. */
  public void stringBytesMax(long bytes) {
    stringBytesMax = bytes;
  }

  long stringBytesMax() {
    return stringBytesMax;
  }

  /** Limit of what a transaction may tell replicas, in bytes; beyond it no command of it runs. */
  public void unitBytesMax(long bytes) {
    unitBytesMax = bytes;
  }

  /** Limit of all that a client may queue between MULTI and EXEC, in bytes. */
  public void queuedBytesMax(long bytes) {
    queuedBytesMax = bytes;
  }

  boolean isHeard() {
    return journal.wanted();
  }

  Unit unit() {
    return unit;
  }

  /** Sets the time that commands see until it is set again, milliseconds since the epoch. */
  public void now(long nowMs) {
    now = nowMs;
  }

  /**
   * Runs the request that stands ready in {@code reader}, read from {@code read} where it started
   * at {@code start}, and writes the reply to the client's output.
   *
   * @return false when the client must wait: nothing was done, and the request is to be given again
   *     once the pause is over
   */
  public boolean execute(Client client, RequestReader reader, byte[] read, int start) {
    long wroteBefore = journal.end();
    byte[] source = reader.source(read);
    Command row = table.find(source, reader.offset(0), reader.length(0));
    if (row == null && isHttp(source, reader.offset(0), reader.length(0))) {
      hangUp(client);
      return true;
    }
    Call call = calls[0];
    call.args(
        source,
        reader.slices(),
        reader.argc(),
        start,
        start + reader.scanned(),
        !reader.isInline());
    client.lastAskedAtMs = now;
    Command command = row == null ? null : pick(row, call);
    String refusal = findRefusal(client, row, command, call);
    if (pause != Pause.NONE && refusal == null && isPostponed(client, command)) {
      return false;
    }
    stats.commands++;
    int mark = client.out.mark();
    try {
      serve(client, command, call, refusal);
    } finally {
      // Also after a throw that nobody expected: what is left here would be glued to the next
      // client's unit.
      unit.close();
    }
    if (client.replies != Client.Replies.ON) {
      silence(client, mark);
    }
    long end = journal.end();
    if (end != wroteBefore) {
      client.wroteTo = end;
    }
    return true;
  }

  /** Whether a command that nothing refuses has to wait; what our own master sends never does. */
  private boolean isPostponed(Client client, Command command) {
    if (client.kind != Client.Kind.NORMAL) {
      return false;
    }
    if (command.name().equals("EXEC") && client.queue != null) {
      return client.queue.stream().anyMatch(queued -> queued.command().waitsFor(pause));
    }
    return command.waitsFor(pause);
  }

  private void serve(Client client, Command command, Call call, String refusal) {
    if (refusal != null) {
      refuse(client, command, refusal);
      return;
    }
    client.lastCommand = command.fullWord();
    if (client.queue != null && !command.runsInsideMulti()) {
      queue(client, command, call);
    } else {
      run(call, client, command, client.out);
    }
  }

  /**
   * Whether a web browser speaks, sent here by somebody else's page: {@code POST} begins a request
   * and {@code Host:} a line of every one.
   */
  private static boolean isHttp(byte[] b, int at, int length) {
    return Ascii.is(b, at, length, "POST") || Ascii.is(b, at, length, "HOST:");
  }

  /** Ends the connection without a word, as Redis does, so that no line after it is served. */
  private static void hangUp(Client client) {
    client.out.clear();
    client.closing = true;
  }

  /** Takes the reply back that CLIENT REPLY asked not to be sent. */
  private static void silence(Client client, int mark) {
    switch (client.replies) {
      case OFF, SKIP_THIS -> client.out.reset(mark);
      case ON, SKIP_NEXT -> {}
    }
    client.replies = client.replies.afterCommand();
  }

  /** The subcommand's row when the row is a container that has one, else the row. */
  private static Command pick(Command row, Call call) {
    if (row.subcommands().isEmpty() || call.argc() < 2) {
      return row;
    }
    for (Command sub : row.subcommands()) {
      if (call.is(1, sub.name())) {
        return sub;
      }
    }
    return null;
  }

  private String findRefusal(Client client, Command row, Command command, Call call) {
    if (row == null) {
      return unknown(call);
    }
    if (command == null) {
      return "ERR unknown subcommand '"
          + shortened(call.text(1), 128)
          + "'. Try "
          + row.name()
          + " HELP.";
    }
    if (!command.accepts(call.argc()) || command.body() == null) {
      return "ERR wrong number of arguments for '" + command.fullWord() + "' command";
    }
    if (client.queue != null && command.has(Flag.NO_MULTI)) {
      return "ERR Command not allowed inside a transaction";
    }
    return gate.findRefusal(client, command, !command.growsMemory() || keyspace.hasRoom());
  }

  private static String unknown(Call call) {
    StringBuilder text = new StringBuilder("ERR unknown command '");
    text.append(shortened(call.text(0), 128)).append("', with args beginning with: ");
    StringBuilder args = new StringBuilder();
    for (int i = 1; i < call.argc() && args.length() < 128; i++) {
      String arg = shortened(call.text(i), 128 - args.length());
      args.append('\'').append(arg).append("' ");
    }
    return text.append(args).toString();
  }

  /** What Redis quotes of a word: at most {@code max} bytes, and nothing after a zero byte. */
  private static String shortened(String text, int max) {
    int zero = text.indexOf('\0');
    int end = Math.min(max, zero < 0 ? text.length() : zero);
    return text.substring(0, end);
  }

  private void refuse(Client client, Command command, String why) {
    String text = why;
    if (command != null) {
      stats.rejected[command.id()]++;
      if (command.name().equals("EXEC")) {
        // An EXEC that cannot run ends its transaction all the same.
        client.discardQueue();
        client.unwatch(keyspace.watched());
        text = CommandError.aborted(why).getMessage();
      }
    }
    if (client.queue != null) {
      client.queueBroken = true;
    }
    stats.error(text);
    client.out.error(text);
  }

  private void queue(Client client, Command command, Call call) {
    int base = call.argc() == 0 ? 0 : call.at(0);
    int last = call.argc() - 1;
    int end = call.at(last) + call.length(last);
    client.queuedBytes += end - base + QUEUED_BYTES_EACH + (long) ARGUMENT_BYTES_EACH * call.argc();
    // As Redis, a replica takes from its master what a client may not send.
    if (client.queuedBytes > queuedBytesMax && client.kind != Client.Kind.MASTER) {
      client.queue.clear();
      refuse(client, command, QUEUE_FULL);
      return;
    }
    byte[] bytes = java.util.Arrays.copyOfRange(call.bytes(), base, end);
    int[] slices = new int[2 * call.argc()];
    for (int i = 0; i < call.argc(); i++) {
      slices[2 * i] = call.at(i) - base;
      slices[2 * i + 1] = call.length(i);
    }
    client.queue.add(new Client.Queued(command, bytes, slices, call.argc()));
    client.out.raw(QUEUED);
  }

  /**
   * The error for which the whole transaction of a client must be given up before anything of it
   * runs, or null: what the gate let into the queue it may refuse by now.
   */
  public String findQueueRefusal(Client client) {
    for (Client.Queued queued : client.queue) {
      Command command = queued.command();
      String refusal =
          gate.findRefusal(client, command, !command.growsMemory() || keyspace.hasRoom());
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  /** Runs a queued request as part of the running command's unit, its reply into {@code reply}. */
  public void runQueued(Client client, Client.Queued queued, RespWriter reply) {
    Check.that(depth < DEPTH_MAX, "commands nested too deep");
    Call call = calls[depth];
    call.args(queued.bytes(), queued.slices(), queued.argc(), 0, 0, false);
    String refusal =
        gate.findRefusal(
            client, queued.command(), !queued.command().growsMemory() || keyspace.hasRoom());
    if (refusal == null && client.kind != Client.Kind.MASTER && isUnitFull(queued)) {
      refusal = UNIT_FULL;
    }
    if (refusal != null) {
      stats.rejected[queued.command().id()]++;
      stats.error(refusal);
      reply.error(refusal);
      return;
    }
    run(call, client, queued.command(), reply);
  }

  /** A few queued bytes may become many: INCRBYFLOAT is told as the number that came of it. */
  private boolean isUnitFull(Client.Queued queued) {
    return (long) unit.bytes() + queued.bytes().length > unitBytesMax;
  }

  private void run(Call call, Client client, Command command, RespWriter reply) {
    call.begin(client, command, now, reply);
    int mark = reply.mark();
    depth++;
    long before = stats.calls[command.id()]++;
    boolean timed = before < Stats.SAMPLED || before % Stats.SAMPLED == 0;
    long start = timed ? nanos.getAsLong() : 0;
    try {
      Outcome outcome = command.body().run(call);
      if (outcome != Outcome.UNCHANGED) {
        stats.changes++;
        if (outcome == Outcome.CHANGED) {
          tellVerbatim(call);
        }
      }
    } catch (CommandError error) {
      fail(command, reply, mark, error.getMessage());
    } catch (ReplyTooLong tooLong) {
      fail(command, reply, mark, tooLong.getMessage());
    } catch (PagesFull full) {
      fail(command, reply, mark, CommandError.OUT_OF_MEMORY.getMessage());
    } finally {
      depth--;
      if (timed) {
        long weight = before < Stats.SAMPLED ? 1 : Stats.SAMPLED;
        stats.nanos[command.id()] += weight * (nanos.getAsLong() - start);
      }
    }
  }

  private void fail(Command command, RespWriter reply, int mark, String text) {
    reply.reset(mark);
    reply.error(text);
    stats.failed[command.id()]++;
    stats.error(text);
  }

  private void tellVerbatim(Call call) {
    if (!journal.wanted()) {
      return;
    }
    int database = call.db().index();
    if (!call.isVerbatim()) {
      RespWriter words = unit.command(database, call.argc());
      for (int i = 0; i < call.argc(); i++) {
        words.bulk(call.bytes(), call.at(i), call.length(i));
      }
    } else if (depth == 1 && unit.isEmpty() && database == journal.database()) {
      journal.append(call.bytes(), call.from(), call.to(), database);
    } else {
      unit.encoded(database, call.bytes(), call.from(), call.to());
    }
  }

  /**
   * Removes a key that is past its deadline outside of any client's command, and tells replicas.
   */
  public void expire(int database, byte[] key) {
    boolean gone =
        keyspace.database(database).delete(key, 0, key.length, keyspace.hash(key, 0, key.length));
    if (gone) {
      stats.expiredKeys++;
      unit.command(database, "DEL", Bytes.wrap(key));
      unit.close();
    }
  }
}
