package io.watchword.keyspace;

import io.watchword.bytes.Raw;
import io.watchword.memory.Pages;
import io.watchword.memory.PagesFull;
import io.watchword.value.LargeString;
import io.watchword.value.ValueType;
import java.util.Arrays;

/**
 * The layout of an entry, a key with its value, inside a block of the pages.
 *
 * <pre>
 *   int   header    bit 31 has a deadline | 30-28 type | 27-24 encoding
 *                   | 23-16 generation | 15-0 clock
 *   long  deadline  milliseconds since the epoch, only when bit 31 is set
 *   key length      1 byte, 0-253; or 254 and an int length; or 255 and an int number in Outside
 *   value length    the same
 *   key             unless outside
 *   value           unless outside
 * </pre>
 *
 * <p>The generation belongs to snapshots (see {@link SnapshotCursor}), the clock to OBJECT IDLETIME
 * and eviction: tens of seconds, modulo 2^16. A small key and a small value cost 6 bytes above
 * their own. All numbers are little-endian.
 */
public final class Entries {
  /** No deadline: the key lives until it is deleted. */
  public static final long NO_DEADLINE = -1;

  /** The encoding of a string as it was set: OBJECT ENCODING reads it off the value. */
  public static final int AS_SET = 0;

  /** The encoding of a string that was changed in place, which Redis calls raw. */
  public static final int CHANGED_IN_PLACE = 1;

  private static final int DEADLINE_BIT = 0x8000_0000;
  private static final int GENERATION_SHIFT = 16;
  private static final int GENERATION_MASK = 0xFF << GENERATION_SHIFT;
  private static final int LONG_LENGTH = 254;
  private static final int NUMBERED = 255;
  private static final int KEY_INLINE_MAX = Pages.BLOCK_BYTES_MAX / 4;
  private static final int FIXED_BYTES_MAX = 4 + 8 + 5 + 5;

  /** The encoding of a string that Redis keeps as text even if it spells an integer. */
  public static final int AS_TEXT = 2;

  private final Pages pages;
  private final Outside outside = new Outside();

  /** Keys kept outside cost their array and its header. */
  private static long keyFootprint(int length) {
    return length + 16L;
  }

  Entries(Pages pages) {
    this.pages = pages;
  }

  /** Bytes of objects that live outside the pages. */
  public long outsideBytes() {
    return outside.bytes();
  }

  void clear() {
    outside.clear();
  }

  // Reading

  private int header(long ref) {
    return Raw.getInt(pages.page(ref), Pages.at(ref));
  }

  public ValueType type(long ref) {
    return ValueType.at(header(ref) >>> 28 & 7);
  }

  public boolean isString(long ref) {
    return (header(ref) & 0x7000_0000) == 0;
  }

  public int encoding(long ref) {
    return header(ref) >>> 24 & 15;
  }

  /** Deadline in milliseconds since the epoch, or {@link #NO_DEADLINE}. */
  public long deadline(long ref) {
    byte[] page = pages.page(ref);
    int at = Pages.at(ref);
    return Raw.getInt(page, at) < 0 ? Raw.getLong(page, at + 4) : NO_DEADLINE;
  }

  int generation(long ref) {
    return (header(ref) & GENERATION_MASK) >>> GENERATION_SHIFT;
  }

  /** When the key was last used, in tens of seconds modulo 2^16. */
  public int clock(long ref) {
    return header(ref) & 0xFFFF;
  }

  /** Notes that the key is used; writes only when the reading changes. */
  public void touch(long ref, int clock) {
    byte[] page = pages.page(ref);
    int at = Pages.at(ref);
    if (Raw.getShort(page, at) != clock) {
      Raw.putShort(page, at, clock);
    }
  }

  void generation(long ref, int generation) {
    byte[] page = pages.page(ref);
    int at = Pages.at(ref);
    Raw.putInt(page, at, Raw.getInt(page, at) & ~GENERATION_MASK | generation << GENERATION_SHIFT);
  }

  private static int keyLengthAt(byte[] page, int at) {
    return Raw.getInt(page, at) < 0 ? at + 12 : at + 4;
  }

  private static int afterLength(byte[] page, int at) {
    return (page[at] & 0xFF) < LONG_LENGTH ? at + 1 : at + 5;
  }

  /** Bytes that a length's content takes inline: 0 when it is outside. */
  private static int inline(byte[] page, int at) {
    int code = page[at] & 0xFF;
    return code < LONG_LENGTH ? code : code == LONG_LENGTH ? Raw.getInt(page, at + 1) : 0;
  }

  /** Whether the entry's key is {@code k[offset, offset + length)}. */
  boolean keyIs(long ref, byte[] k, int offset, int length) {
    byte[] page = pages.page(ref);
    int lengthAt = keyLengthAt(page, Pages.at(ref));
    int code = page[lengthAt] & 0xFF;
    if (code == length && code < LONG_LENGTH) {
      int from = afterLength(page, lengthAt + 1);
      return Arrays.equals(page, from, from + length, k, offset, offset + length);
    }
    return length >= LONG_LENGTH && longKeyIs(page, lengthAt, k, offset, length);
  }

  private boolean longKeyIs(byte[] page, int lengthAt, byte[] k, int offset, int length) {
    if ((page[lengthAt] & 0xFF) == NUMBERED) {
      byte[] key = (byte[]) outside.get(Raw.getInt(page, lengthAt + 1));
      return Arrays.equals(key, 0, key.length, k, offset, offset + length);
    }
    if (inline(page, lengthAt) != length) {
      return false;
    }
    int from = afterLength(page, lengthAt + 5);
    return Arrays.equals(page, from, from + length, k, offset, offset + length);
  }

  /** A copy of the key. */
  public byte[] key(long ref) {
    byte[] page = pages.page(ref);
    int lengthAt = keyLengthAt(page, Pages.at(ref));
    if ((page[lengthAt] & 0xFF) == NUMBERED) {
      return ((byte[]) outside.get(Raw.getInt(page, lengthAt + 1))).clone();
    }
    int from = afterLength(page, afterLength(page, lengthAt));
    return Arrays.copyOfRange(page, from, from + inline(page, lengthAt));
  }

  /** The array that holds the key; valid until the entry changes, and for reading only. */
  public byte[] keyArray(long ref) {
    byte[] page = pages.page(ref);
    int lengthAt = keyLengthAt(page, Pages.at(ref));
    return (page[lengthAt] & 0xFF) == NUMBERED
        ? (byte[]) outside.get(Raw.getInt(page, lengthAt + 1))
        : page;
  }

  /** Index of the key's first byte in {@link #keyArray}. */
  public int keyAt(long ref) {
    byte[] page = pages.page(ref);
    int lengthAt = keyLengthAt(page, Pages.at(ref));
    return (page[lengthAt] & 0xFF) == NUMBERED ? 0 : afterLength(page, afterLength(page, lengthAt));
  }

  /** Length of the key in bytes. */
  public int keyLength(long ref) {
    byte[] page = pages.page(ref);
    int lengthAt = keyLengthAt(page, Pages.at(ref));
    return (page[lengthAt] & 0xFF) == NUMBERED
        ? ((byte[]) outside.get(Raw.getInt(page, lengthAt + 1))).length
        : inline(page, lengthAt);
  }

  /** Length of a string value in bytes. */
  public int length(long ref) {
    byte[] page = pages.page(ref);
    int lengthAt = afterLength(page, keyLengthAt(page, Pages.at(ref)));
    return (page[lengthAt] & 0xFF) == NUMBERED
        ? large(page, lengthAt).length()
        : inline(page, lengthAt);
  }

  /** The array that holds a string value; valid until the entry changes. */
  public byte[] valueArray(long ref) {
    byte[] page = pages.page(ref);
    int lengthAt = afterLength(page, keyLengthAt(page, Pages.at(ref)));
    return (page[lengthAt] & 0xFF) == NUMBERED ? large(page, lengthAt).array() : page;
  }

  /** Index of a string value's first byte in {@link #valueArray}. */
  public int valueAt(long ref) {
    byte[] page = pages.page(ref);
    int keyAt = keyLengthAt(page, Pages.at(ref));
    int lengthAt = afterLength(page, keyAt);
    return (page[lengthAt] & 0xFF) == NUMBERED
        ? 0
        : afterLength(page, lengthAt) + inline(page, keyAt);
  }

  private LargeString large(byte[] page, int lengthAt) {
    return (LargeString) outside.get(Raw.getInt(page, lengthAt + 1));
  }

  private boolean valueIsOutside(byte[] page, int at) {
    return (page[afterLength(page, keyLengthAt(page, at))] & 0xFF) == NUMBERED;
  }

  /** Bytes of the entry's block before rounding. */
  private int blockBytes(byte[] page, int at) {
    int keyAt = keyLengthAt(page, at);
    int valueAt = afterLength(page, keyAt);
    return afterLength(page, valueAt) - at + inline(page, keyAt) + inline(page, valueAt);
  }

  /** Memory that the entry takes, without its slot in the table. */
  public long footprintBytes(long ref) {
    byte[] page = pages.page(ref);
    int at = Pages.at(ref);
    long bytes = blockBytes(page, at);
    int keyAt = keyLengthAt(page, at);
    if ((page[keyAt] & 0xFF) == NUMBERED) {
      bytes += keyFootprint(keyLength(ref));
    }
    if (valueIsOutside(page, at)) {
      bytes += large(page, afterLength(page, keyAt)).footprintBytes();
    }
    return bytes;
  }

  // Writing

  /** What a new entry is made of. One reusable object: building an entry allocates nothing. */
  static final class Draft {
    byte[] key;
    int keyAt;
    int keyLength;
    byte[] value;
    int valueAt;
    int valueLength;
    long deadline;
    int encoding;
    int generation;
    int clock;

    /** The value's array is the entry's to keep; true for one entry only. */
    boolean given;
  }

  private static int inlineBytes(Draft d) {
    int key = d.keyLength <= KEY_INLINE_MAX ? d.keyLength : 0;
    return FIXED_BYTES_MAX + key + d.valueLength;
  }

  private static int lengthBytes(int length, boolean inline) {
    return inline && length < LONG_LENGTH ? 1 : 5;
  }

  /** Whether the draft's value is kept inside its block. */
  private static boolean valueInline(Draft d) {
    return d.valueLength < Pages.BLOCK_BYTES_MAX && inlineBytes(d) <= Pages.BLOCK_BYTES_MAX;
  }

  private static int draftBytes(Draft d) {
    boolean keyInline = d.keyLength <= KEY_INLINE_MAX;
    boolean valueInline = valueInline(d);
    return 4
        + (d.deadline == NO_DEADLINE ? 0 : 8)
        + lengthBytes(d.keyLength, keyInline)
        + lengthBytes(d.valueLength, valueInline)
        + (keyInline ? d.keyLength : 0)
        + (valueInline ? d.valueLength : 0);
  }

  /** Builds a string entry and returns its reference. */
  long create(Draft d) {
    long outsideBytes = outsideBytes(d);
    pages.claim(outsideBytes);
    try {
      long ref = pages.allocate(draftBytes(d));
      write(ref, d);
      return ref;
    } catch (PagesFull full) {
      pages.unclaim(outsideBytes);
      throw full;
    }
  }

  /**
   * A copy of the entry under another key, in the running generation; the old block is freed. What
   * the value keeps outside is handed over.
   */
  long renamed(long ref, byte[] key, int keyFrom, int keyLength, int generation) {
    byte[] page = pages.page(ref);
    int at = Pages.at(ref);
    boolean outsideValue = valueIsOutside(page, at);
    Draft d = new Draft();
    d.key = key;
    d.keyAt = keyFrom;
    d.keyLength = keyLength;
    d.value = valueArray(ref);
    d.valueAt = valueAt(ref);
    d.valueLength = length(ref);
    d.deadline = deadline(ref);
    d.encoding = encoding(ref);
    d.generation = generation;
    d.clock = clock(ref);
    d.given = outsideValue;
    long fresh = create(d);
    release(ref);
    return fresh;
  }

  /**
   * Replaces a string entry's value, deadline and clock; returns the reference, which changes when
   * the block's size does. The draft's value must not lie in the entry itself.
   */
  long replace(long ref, Draft d) {
    byte[] page = pages.page(ref);
    int at = Pages.at(ref);
    int before = blockBytes(page, at);
    int bytes = draftBytes(d);
    if (Pages.sameBlock(before, bytes)
        && d.keyLength <= KEY_INLINE_MAX
        && !valueIsOutside(page, at)
        && valueInline(d)) {
      write(ref, d);
      return ref;
    }
    long fresh = create(d);
    release(ref);
    return fresh;
  }

  private void write(long ref, Draft d) {
    byte[] page = pages.page(ref);
    int at = Pages.at(ref);
    int flags = d.deadline == NO_DEADLINE ? 0 : DEADLINE_BIT;
    Raw.putInt(
        page, at, flags | d.encoding << 24 | d.generation << GENERATION_SHIFT | d.clock & 0xFFFF);
    at += 4;
    if (d.deadline != NO_DEADLINE) {
      Raw.putLong(page, at, d.deadline);
      at += 8;
    }
    boolean keyInline = d.keyLength <= KEY_INLINE_MAX;
    boolean valueInline = valueInline(d);
    at = keyInline ? putLength(page, at, d.keyLength) : putNumber(page, at, outsideKey(d));
    at = valueInline ? putLength(page, at, d.valueLength) : putNumber(page, at, outsideValue(d));
    if (keyInline) {
      System.arraycopy(d.key, d.keyAt, page, at, d.keyLength);
      at += d.keyLength;
    }
    if (valueInline) {
      System.arraycopy(d.value, d.valueAt, page, at, d.valueLength);
    }
  }

  /** Memory that a draft takes outside of the pages. */
  private static long outsideBytes(Draft d) {
    long key = d.keyLength <= KEY_INLINE_MAX ? 0 : keyFootprint(d.keyLength);
    int array = d.given ? d.value.length : d.valueLength;
    return key + (valueInline(d) ? 0 : LargeString.footprintBytes(array));
  }

  private int outsideKey(Draft d) {
    byte[] key = Arrays.copyOfRange(d.key, d.keyAt, d.keyAt + d.keyLength);
    return outside.put(key, keyFootprint(key.length));
  }

  private int outsideValue(Draft d) {
    byte[] value =
        d.given ? d.value : Arrays.copyOfRange(d.value, d.valueAt, d.valueAt + d.valueLength);
    LargeString large = new LargeString(value, d.valueLength);
    return outside.put(large, large.footprintBytes());
  }

  private static int putLength(byte[] page, int at, int length) {
    if (length < LONG_LENGTH) {
      page[at] = (byte) length;
      return at + 1;
    }
    page[at] = (byte) LONG_LENGTH;
    Raw.putInt(page, at + 1, length);
    return at + 5;
  }

  private static int putNumber(byte[] page, int at, int number) {
    page[at] = (byte) NUMBERED;
    Raw.putInt(page, at + 1, number);
    return at + 5;
  }

  /** Whether a write at {@code from} of {@code count} bytes can be done where the value is. */
  boolean fitsInPlace(long ref, int from, int count) {
    byte[] page = pages.page(ref);
    return valueIsOutside(page, Pages.at(ref)) || from + count <= length(ref);
  }

  /** Overwrites a part of a string value for which {@link #fitsInPlace} holds. */
  void writeInPlace(long ref, int from, byte[] b, int offset, int count) {
    byte[] page = pages.page(ref);
    int at = Pages.at(ref);
    if (valueIsOutside(page, at)) {
      LargeString large = large(page, afterLength(page, keyLengthAt(page, at)));
      long more = large.growthBytes(from + count);
      pages.claim(more);
      large.write(from, b, offset, count);
      outside.resized(more);
    } else {
      System.arraycopy(b, offset, page, valueAt(ref) + from, count);
    }
    int header = Raw.getInt(page, at);
    Raw.putInt(page, at, header & ~(15 << 24) | CHANGED_IN_PLACE << 24);
  }

  /** Changes a deadline for which the entry has room, that is, which was set before. */
  void moveDeadline(long ref, long deadline) {
    Raw.putLong(pages.page(ref), Pages.at(ref) + 4, deadline);
  }

  /** A copy of the entry with another deadline; the old block is freed. */
  long withDeadline(long ref, long deadline) {
    byte[] page = pages.page(ref);
    int at = Pages.at(ref);
    int before = blockBytes(page, at);
    int rest = keyLengthAt(page, at) - at;
    int fixed = deadline == NO_DEADLINE ? 4 : 12;
    long fresh = pages.allocate(before - rest + fixed);
    byte[] to = pages.page(fresh);
    int toAt = Pages.at(fresh);
    int flags = deadline == NO_DEADLINE ? 0 : DEADLINE_BIT;
    Raw.putInt(to, toAt, Raw.getInt(page, at) & ~DEADLINE_BIT | flags);
    if (deadline != NO_DEADLINE) {
      Raw.putLong(to, toAt + 4, deadline);
    }
    System.arraycopy(page, at + rest, to, toAt + fixed, before - rest);
    pages.free(ref, before);
    return fresh;
  }

  /** Frees the entry and what it keeps outside. */
  void release(long ref) {
    byte[] page = pages.page(ref);
    int at = Pages.at(ref);
    int bytes = blockBytes(page, at);
    int keyAt = keyLengthAt(page, at);
    if ((page[keyAt] & 0xFF) == NUMBERED) {
      removeOutside(Raw.getInt(page, keyAt + 1), keyFootprint(keyLength(ref)));
    }
    if (valueIsOutside(page, at)) {
      int valueAt = afterLength(page, keyAt);
      removeOutside(Raw.getInt(page, valueAt + 1), large(page, valueAt).footprintBytes());
    }
    pages.free(ref, bytes);
  }

  private void removeOutside(int number, long footprintBytes) {
    outside.remove(number, footprintBytes);
    pages.unclaim(footprintBytes);
  }
}
