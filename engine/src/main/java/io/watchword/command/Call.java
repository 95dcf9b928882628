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
  private static final byte[] DEL = RespWriter.ascii("DEL");
  private static final int ARRAY_BYTES_MAX = Integer.MAX_VALUE - 64;

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

  /** The argument hashed last, for most commands look a key up and then change it. */
  private int hashedArg;

  private long hashed;

  /** Room for the digits of a number, so that counting allocates nothing. */
  private final byte[] digits = new byte[Numbers.LONG_DIGITS_MAX];

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
    this.hashedArg = -1;
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
    if (hashedArg != i) {
      hashed = keyspace.hash(bytes, at(i), length(i));
      hashedArg = i;
    }
    return hashed;
  }

  /**
   * Whether a deadline passes by this node's clock. On a replica, and in the stream of a master, a
   * key lives until the master says DEL, however late it is here.
   */
  public boolean deadlinesPassHere() {
    return client.kind != Client.Kind.MASTER && dispatcher.deadlinesPass();
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
    long ref = findQuietly(database, i);
    if (ref != Database.NONE) {
      database.entries().touch(ref, keyspace.clock());
    }
    return ref;
  }

  private long findQuietly(Database database, int i) {
    long ref = database.find(bytes, at(i), length(i), hash(i));
    if (ref == Database.NONE || !isDue(ref)) {
      return ref;
    }
    if (deadlinesPassHere()) {
      expire(database, bytes, at(i), length(i), hash(i));
    }
    return Database.NONE;
  }

  /** Whether there is such a key and its deadline is over. */
  public boolean isDue(Client.WatchedKey place) {
    byte[] key = place.key().array();
    Database database = keyspace.database(place.database());
    long ref = database.find(key, 0, key.length, keyspace.hash(key, 0, key.length));
    return ref != Database.NONE && isDue(ref);
  }

  /** Whether an entry's deadline is over, so that it must not be shown. */
  public boolean isDue(long ref) {
    long deadline = db.entries().deadline(ref);
    return deadline != Entries.NO_DEADLINE && deadline <= now && client.kind != Client.Kind.MASTER;
  }

  /** Deletes a key whose deadline is over, which replicas are told before anything else. */
  public void expire(Database database, byte[] k, int offset, int length, long hash) {
    database.delete(k, offset, length, hash);
    stats.expiredKeys++;
    if (isHeard()) {
      dispatcher.unit().command(database.index(), 2).bulk(DEL);
      dispatcher.unit().word(k, offset, length);
    }
  }

  /** As {@link #find(int)}, for a read: counts a hit or a miss. */
  public long look(int i) {
    return counted(find(i));
  }

  /** As {@link #look}, for commands about the key, not its value: its idle time goes on. */
  public long lookQuietly(int i) {
    return counted(findQuietly(db, i));
  }

  private long counted(long ref) {
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

  /** Sets the key in argument {@code key} to the string in argument {@code value}. */
  public void set(int key, int value, long deadline) {
    set(key, bytes, at(value), length(value), deadline, Entries.AS_SET);
  }

  /** Sets the key in argument {@code key} to a number. */
  public void set(int key, long number, long deadline) {
    set(key, digits, 0, Numbers.put(digits, 0, number), deadline, Entries.AS_SET);
  }

  /** Sets the key in argument {@code key}; as {@link Database#set}. */
  public void set(int key, byte[] v, int valueAt, int length, long deadline, int encoding) {
    db.set(bytes, at(key), length(key), hash(key), v, valueAt, length, deadline, encoding);
  }

  /** Gives the existing key in argument {@code i} a deadline, or NO_DEADLINE to take it away. */
  public void expireAt(int i, long deadline) {
    db.deadline(bytes, at(i), length(i), hash(i), deadline);
  }

  /** Fails when a string of {@code size} plus {@code more} bytes would be too long. */
  public void checkStringLength(long size, long more) {
    // As Redis, a replica takes from its master what a client may not send.
    long bytesMax =
        client.kind == Client.Kind.MASTER ? ARRAY_BYTES_MAX : dispatcher.stringBytesMax();
    if (more < 0 || size > Math.min(bytesMax, ARRAY_BYTES_MAX) - more) {
      throw CommandError.STRING_TOO_LONG;
    }
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

  /** Whether anybody reads what replicas are told; if not, nothing is written for them. */
  public boolean isHeard() {
    return dispatcher.isHeard();
  }

  /**
   * Where a body that returns {@link Outcome#REWRITTEN} writes what replicas get instead of the
   * client's words, if there {@link #isHeard} anybody.
   */
  public Unit tell() {
    return dispatcher.unit();
  }

  /** Tells replicas at once what the transaction has written so far: they are about to change. */
  public void endUnit() {
    dispatcher.unit().close();
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
