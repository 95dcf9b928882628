package io.watchword.rdb;

import io.watchword.bytes.Crc64;
import io.watchword.bytes.Raw;
import io.watchword.keyspace.Entries;
import io.watchword.memory.PagesFull;
import java.util.Arrays;

/**
 * Reads a snapshot as its bytes arrive, from a file or a socket, in pieces of any size. Layout:
 * {@link RdbFormat}.
 *
 * <p>The unit is the part: a field, a selection, an entry. A part that is cut off at the end of a
 * piece is kept and tried again when what it lacks is there. Memory grows with what has come, never
 * with what a length announces. What the target was given before an error counts for nothing: the
 * checksum stands at the end.
 */
public final class RdbReader {
  /** Where the content goes. */
  public interface Target {
    /** A field of the head. */
    void aux(String name, String value);

    /** How much a database will hold; a hint that nobody has checked. */
    void resize(int database, long keys, long deadlines);

    /**
     * A string, lent for the call; false when the database already has the key.
     *
     * @param deadline milliseconds since the epoch, or {@link Entries#NO_DEADLINE}
     */
    boolean string(int database, long deadline, RdbString key, RdbString value);
  }

  private static final byte[] NOTHING = new byte[0];
  private static final int KEEP_BYTES_MAX = 1 << 20;

  /** Two strings and their part must fit into one array. */
  private static final long PART_BYTES_MAX = Integer.MAX_VALUE - (1 << 16);

  private final Target target;
  private final int databases;
  private final RdbString key = new RdbString();
  private final RdbString value = new RdbString();
  private final RdbInput in = new RdbInput();
  private byte[] held = NOTHING;
  private int heldLength;
  private long wanted;
  private int version;
  private long consumed;
  private long crc;
  private boolean done;
  private boolean checked;
  private int database;
  private long deadline = Entries.NO_DEADLINE;

  /**
   * @param databases number of databases that the target has
   */
  public RdbReader(int databases, Target target) {
    this.databases = databases;
    this.target = target;
  }

  /** Whether the snapshot's last byte was read. */
  public boolean isDone() {
    return done;
  }

  /** Whether a finished snapshot carried a checksum, which then was right. */
  public boolean isChecked() {
    return checked;
  }

  /** Bytes that were fully understood so far. */
  public long consumed() {
    return consumed;
  }

  /**
   * Takes the next piece; returns how many of its bytes belong to the snapshot: all, unless it
   * ended.
   *
   * @throws RdbException when the bytes are no snapshot that this version can load
   */
  public int feed(byte[] data, int from, int to) throws RdbException {
    if (heldLength == 0) {
      int end = parse(data, from, to);
      if (!done) {
        hold(data, end, to);
        end = to;
      }
      return end - from;
    }
    hold(data, from, to);
    if (heldLength < wanted) {
      return to - from;
    }
    int end = parse(held, 0, heldLength);
    int rest = heldLength - end;
    System.arraycopy(held, end, held, 0, rest);
    heldLength = done ? 0 : rest;
    if (heldLength == 0 && held.length > KEEP_BYTES_MAX) {
      held = NOTHING;
    }
    return to - from - (done ? rest : 0);
  }

  /**
   * No more bytes will come.
   *
   * @throws RdbException when the snapshot is not whole
   */
  public void end() throws RdbException {
    if (!done) {
      throw RdbException.at(
          consumed, "Unexpected EOF reading RDB file: the part that begins here is cut off");
    }
  }

  private void hold(byte[] data, int from, int to) {
    int length = Math.addExact(heldLength, to - from);
    if (length > held.length) {
      held = Arrays.copyOf(held, (int) Math.min(2L * length, Math.max(length, PART_BYTES_MAX)));
    }
    System.arraycopy(data, from, held, heldLength, to - from);
    heldLength = length;
  }

  /** Reads whole parts; returns where the first unfinished one begins. */
  private int parse(byte[] b, int from, int to) throws RdbException {
    int start = from;
    int summed = from;
    long origin = consumed - from;
    in.begin(b, from, to, origin);
    try {
      while (!done) {
        if (version == 0) {
          head();
        } else if (part(in.u8())) {
          checksum(summed);
        }
        start = in.at();
      }
    } catch (RdbInput.Short cut) {
      wanted = in.wantedFrom(start);
      if (wanted > PART_BYTES_MAX) {
        throw RdbException.at(origin + start, "A part of " + wanted + " bytes is too long");
      }
    }
    if (!done) {
      crc = Crc64.update(crc, b, summed, start - summed);
    }
    consumed = origin + start;
    return start;
  }

  private void head() throws RdbException {
    int at = in.skip(RdbFormat.HEADER_BYTES);
    byte[] b = in.bytes();
    byte[] magic = RdbFormat.MAGIC;
    if (!Arrays.equals(b, at, at + magic.length, magic, 0, magic.length)) {
      throw RdbException.atHead("Wrong signature trying to load DB from file");
    }
    int number = 0;
    for (int i = at + magic.length; i < at + RdbFormat.HEADER_BYTES; i++) {
      int digit = b[i] - '0';
      number = digit < 0 || digit > 9 ? -1_000_000 : number * 10 + digit;
    }
    if (number < 1 || number > RdbFormat.VERSION_READ_MAX) {
      String word =
          new String(b, at + magic.length, 4, java.nio.charset.StandardCharsets.ISO_8859_1);
      throw RdbException.atHead(
          "Can't handle RDB format version " + (number < 0 ? word : Integer.toString(number)));
    }
    version = number;
  }

  /** One part; true when it was the last before the checksum. */
  private boolean part(int opcode) throws RdbException {
    switch (opcode) {
      case RdbFormat.EOF -> {
        return true;
      }
      case RdbFormat.EXPIRETIME -> deadline = in.int32() * 1000L;
      case RdbFormat.EXPIRETIME_MS -> deadline = in.int64();
      case RdbFormat.FREQ -> in.u8();
      case RdbFormat.IDLE -> in.length();
      case RdbFormat.SELECTDB -> select(in.length());
      case RdbFormat.RESIZEDB -> target.resize(database, in.length(), in.length());
      case RdbFormat.AUX -> {
        in.string(key);
        in.string(value);
        target.aux(key.text(), value.text());
      }
      case RdbFormat.SLOT_INFO -> {
        in.length();
        in.length();
        in.length();
      }
      case RdbFormat.TYPE_STRING -> string();
      default -> throw refusal(opcode);
    }
    return false;
  }

  private void select(long wantedDatabase) throws RdbException {
    if (wantedDatabase >= databases) {
      throw in.error(
          "FATAL: Data file was created with a Redis server configured to handle more than "
              + databases
              + " databases. Exiting");
    }
    database = (int) wantedDatabase;
  }

  private void string() throws RdbException {
    in.string(key);
    in.string(value);
    boolean fresh;
    try {
      fresh = target.string(database, deadline, key, value);
    } catch (PagesFull full) {
      throw in.error("Short read or OOM loading DB. No room is left for key " + key.shown());
    }
    if (!fresh) {
      throw in.error("RDB has duplicated key " + key.shown() + " in DB " + database);
    }
    deadline = Entries.NO_DEADLINE;
    key.forget();
    value.forget();
  }

  /** The error for a part that is well known, or unknown, and cannot be loaded. */
  private RdbException refusal(int opcode) throws RdbException {
    switch (opcode) {
      case RdbFormat.MODULE_AUX -> {
        return in.error(
            "The RDB file contains AUX module data I can't load: no matching module '"
                + moduleName(in.length())
                + "'");
      }
      case RdbFormat.FUNCTION2, RdbFormat.FUNCTION_PRE_GA -> {
        return in.error("The RDB file contains a function library; functions are not supported");
      }
      default -> {
        String type = RdbFormat.findTypeName(opcode);
        if (type == null) {
          return in.error("Unknown RDB encoding type " + opcode);
        }
        in.string(key);
        return in.error(
            "Key " + key.shown() + " is of type " + opcode + " (" + type + "), not supported yet");
      }
    }
  }

  /** The nine characters that a module's id packs into its upper 54 bits. */
  private static String moduleName(long id) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    StringBuilder name = new StringBuilder();
    for (int shift = 58; shift >= 10; shift -= 6) {
      name.append(alphabet.charAt((int) (id >>> shift) & 63));
    }
    return name.toString();
  }

  /**
   * The end.
   *
   * @param summed where the bytes begin that the checksum so far does not contain
   */
  private void checksum(int summed) throws RdbException {
    if (version >= RdbFormat.VERSION_CHECKED) {
      int at = in.skip(8);
      long expected = Crc64.update(crc, in.bytes(), summed, at - summed);
      long got = Raw.getLong(in.bytes(), at);
      if (got != 0 && got != expected) {
        throw in.error(
            "RDB CRC error: Wrong RDB checksum expected: ("
                + Long.toHexString(expected)
                + ") but got ("
                + Long.toHexString(got)
                + "). Aborting now.");
      }
      checked = got != 0;
    }
    done = true;
  }
}
