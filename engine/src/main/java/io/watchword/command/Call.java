package io.watchword.command;

import io.watchword.bytes.Ascii;
import io.watchword.bytes.Bytes;
import io.watchword.bytes.Numbers;
import io.watchword.keyspace.Database;
import io.watchword.keyspace.Entries;
import io.watchword.keyspace.Keyspace;
import io.watchword.resp.RespWriter;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/**
 * Everything one execution may look at, and the two places it may write to.
 *
 * <p>One reusable object per level of nesting: a fresh one for each command would cost a dozen
 * allocations that escape analysis does not remove. Arguments are slices of the array that was read
 * and are void after the body returns; whoever keeps one copies it ({@link #copy}). Time and chance
 * are fixed before the body starts.
 */
public final class Call {
  private final Dispatcher dispatcher;
  private final Keyspace keyspace;
  private final Stats stats;
  private final RandomGenerator random;
  private Client client;
  private Command command;
  private Database db;
  private long now;
  private byte[] bytes;
  private int[] slices;
  private int argc;
  private int from;
  private int to;
  private boolean verbatim;
  private RespWriter reply;

  Call(Dispatcher dispatcher, Keyspace keyspace, Stats stats, RandomGenerator random) {
    this.dispatcher = dispatcher;
    this.keyspace = keyspace;
    this.stats = stats;
    this.random = random;
  }

  void begin(Client client, Command command, long now, RespWriter reply) {
    this.client = client;
    this.command = command;
    this.now = now;
    this.reply = reply;
    this.db = keyspace.database(client.database);
  }

  /**
   * @param from and to: the request's RESP form in {@code bytes} when {@code verbatim}
   */
  void args(byte[] bytes, int[] slices, int argc, int from, int to, boolean verbatim) {
    this.bytes = bytes;
    this.slices = slices;
    this.argc = argc;
    this.from = from;
    this.to = to;
    this.verbatim = verbatim;
  }

  // Arguments

  /** Number of arguments, the command's name (argument 0) included. */
  public int argc() {
    return argc;
  }

  /** The array that arguments are slices of. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where argument {@code i} starts in {@link #bytes}. */
  public int at(int i) {
    return slices[2 * i];
  }

  public int length(int i) {
    return slices[2 * i + 1];
  }

  /** A copy of argument {@code i} that outlives the call. */
  public Bytes copy(int i) {
    return Bytes.copy(bytes, at(i), length(i));
  }

  /** Argument {@code i} as Latin-1 text, one char a byte; errors and settings print it back so. */
  public String text(int i) {
    return new String(bytes, at(i), length(i), StandardCharsets.ISO_8859_1);
  }

  /** Whether argument {@code i} is {@code word}, given in upper case, in any case. */
  public boolean is(int i, String word) {
    return Ascii.is(bytes, at(i), length(i), word);
  }

  /** Argument {@code i} as an integer; fails with Redis's words when it is none. */
  public long integer(int i) {
    if (!Numbers.isLong(bytes, at(i), length(i))) {
      throw CommandError.NOT_AN_INTEGER;
    }
    return Numbers.toLong(bytes, at(i), length(i));
  }

  // Surroundings

  public Command command() {
    return command;
  }

  public Client client() {
    return client;
  }

  public Keyspace keyspace() {
    return keyspace;
  }

  /** The client's selected database. */
  public Database db() {
    return db;
  }

  /** How entries of every database are read. */
  public Entries entries() {
    return db.entries();
  }

  /** Milliseconds since the epoch, the same throughout a command and throughout a MULTI. */
  public long now() {
    return now;
  }

  public RandomGenerator random() {
    return random;
  }

  public Stats stats() {
    return stats;
  }

  /** Whether this node follows a master. */
  public boolean isReplica() {
    return dispatcher.isReplica();
  }

  /** The dispatcher, for commands that run or describe other commands. */
  public Dispatcher dispatcher() {
    return dispatcher;
  }

  /** What the server offers beyond the keyspace, by the interface that a command group declares. */
  public <T> T port(Class<T> type) {
    return dispatcher.port(type);
  }

  /** Whether this is one of several commands that take effect together, inside EXEC. */
  public boolean isInsideUnit() {
    return dispatcher.isNested();
  }

  // Keys

  /** The keyed hash of argument {@code i}. */
  public long hash(int i) {
    return keyspace.hash(bytes, at(i), length(i));
  }

  /**
   * The live entry of the key in argument {@code i}, or {@link Database#NONE}. A key that is past
   * its deadline is deleted on a master, which replicas are told, and only hidden on a replica.
   */
  public long find(int i) {
    return find(db, i);
  }

  /** The same in another database. */
  public long find(Database database, int i) {
    long hash = hash(i);
    long ref = database.find(bytes, at(i), length(i), hash);
    if (ref == Database.NONE) {
      return ref;
    }
    long deadline = database.entries().deadline(ref);
    if (deadline != Entries.NO_DEADLINE && deadline <= now && client.kind != Client.Kind.MASTER) {
      if (!dispatcher.isReplica()) {
        database.delete(bytes, at(i), length(i), hash);
        stats.expiredKeys++;
        dispatcher.unit().command(database.index(), 2).bulk("DEL");
        dispatcher.unit().word(bytes, at(i), length(i));
      }
      return Database.NONE;
    }
    database.entries().touch(ref, keyspace.clock());
    return ref;
  }

  /** As {@link #find(int)}, for a read: counts a hit or a miss. */
  public long look(int i) {
    long ref = find(i);
    if (ref == Database.NONE) {
      stats.keyspaceMisses++;
    } else {
      stats.keyspaceHits++;
    }
    return ref;
  }

  /** The string entry of a key, or NONE; fails when the key holds something else. */
  public long findString(int i) {
    return stringOrNone(find(i));
  }

  /** As {@link #findString}, for a read. */
  public long lookString(int i) {
    return stringOrNone(look(i));
  }

  private long stringOrNone(long ref) {
    if (ref != Database.NONE && !db.entries().isString(ref)) {
      throw CommandError.WRONG_TYPE;
    }
    return ref;
  }

  /** Deletes the key in argument {@code i}; false when there is none. */
  public boolean delete(int i) {
    return db.delete(bytes, at(i), length(i), hash(i));
  }

  // Sinks

  /** Where the reply goes. */
  public RespWriter reply() {
    return reply;
  }

  /**
   * Where a body that returns {@link Outcome#REWRITTEN} writes what replicas get instead of the
   * client's words.
   */
  public Unit tell() {
    return dispatcher.unit();
  }

  /** The reply to a string entry: a bulk string. */
  public void replyString(long ref) {
    Entries entries = db.entries();
    reply.bulk(entries.valueArray(ref), entries.valueAt(ref), entries.length(ref));
  }

  // The dispatcher's side

  boolean isVerbatim() {
    return verbatim;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  int[] slices() {
    return slices;
  }
}
