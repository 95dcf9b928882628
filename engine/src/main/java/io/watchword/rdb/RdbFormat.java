package io.watchword.rdb;

/**
 * The RDB file, byte by byte. A worked hexdump stands in docs/formats/rdb.md.
 *
 * <pre>
 *   file     "REDIS" version(4 decimal digits) part* 0xFF crc(8)
 *   part     0xFA string string              AUX: a name and its value
 *            0xFE length                     SELECTDB: the database of the keys that follow
 *            0xFB length length              RESIZEDB: how many keys, how many with a deadline
 *            entry
 *   entry    [0xFC ms(8) | 0xFD s(4)] [0xF8 length | 0xF9 byte] type(1) key:string value
 *            deadline in ms or s since the epoch, idle seconds or use frequency, then the key
 *   value    of type 0: string; other types have forms of their own
 *   length   00nnnnnn                        n
 *            01nnnnnn nnnnnnnn               n, high byte first
 *            10000000 n(4)                   n, high byte first
 *            10000001 n(8)                   n, high byte first
 *   string   length bytes
 *            11000000 n(1)                   the decimal form of a signed number
 *            11000001 n(2)                   the same, low byte first
 *            11000010 n(4)                   the same, low byte first
 *            11000011 length length block    LZF: length of the block, expanded length, the block
 * </pre>
 *
 * <p>Deadlines and the checksum stand low byte first. The checksum is {@link
 * io.watchword.bytes.Crc64} over everything before it, and 0 when it was switched off; files before
 * version 5 have none. We write version 10, which Redis 7.0 reads, and read up to 12.
 *
 * <p>Sources: the BSD-licensed Redis 7.0 and 7.2 as published, Sripathi Krishnan's "RDB file
 * format", and files that Redis 7.0.15 wrote.
 */
public final class RdbFormat {
  static final byte[] MAGIC = {'R', 'E', 'D', 'I', 'S'};

  /** The magic and the version. */
  static final int HEADER_BYTES = 9;

  static final int VERSION_WRITTEN = 10;
  static final int VERSION_READ_MAX = 12;

  /** The first version that ends in a checksum. */
  static final int VERSION_CHECKED = 5;

  static final int SLOT_INFO = 244;
  static final int FUNCTION2 = 245;
  static final int FUNCTION_PRE_GA = 246;
  static final int MODULE_AUX = 247;
  static final int IDLE = 248;
  static final int FREQ = 249;
  static final int AUX = 250;
  static final int RESIZEDB = 251;
  static final int EXPIRETIME_MS = 252;
  static final int EXPIRETIME = 253;
  static final int SELECTDB = 254;
  static final int EOF = 255;

  static final int TYPE_STRING = 0;

  static final int LENGTH_14 = 0x40;
  static final int LENGTH_32 = 0x80;
  static final int LENGTH_64 = 0x81;
  static final int ENCODED = 0xC0;
  static final int INT8 = 0xC0;
  static final int INT16 = 0xC1;
  static final int INT32 = 0xC2;
  static final int LZF = 0xC3;

  /** Longest form of a length. */
  static final int LENGTH_BYTES_MAX = 9;

  /** Longest string that may be stored as a number: the decimal form of a 32-bit integer. */
  static final int NUMBER_DIGITS_MAX = 11;

  /** Shortest string worth compressing, and how many bytes compression must win. */
  static final int LZF_BYTES_MIN = 21;

  static final int LZF_GAIN_BYTES_MIN = 4;

  private static final String[] TYPES = {
    "string",
    "list",
    "set",
    "sorted set, version 1",
    "hash",
    "sorted set",
    "module, version 1",
    "module",
    "",
    "hash as zipmap",
    "list as ziplist",
    "set as intset",
    "sorted set as ziplist",
    "hash as ziplist",
    "list as quicklist",
    "stream",
    "hash as listpack",
    "sorted set as listpack",
    "list as quicklist 2",
    "stream, version 2",
    "set as listpack",
    "stream, version 3",
    "hash with field deadlines, preview",
    "hash as listpack with field deadlines, preview",
    "hash with field deadlines",
    "hash as listpack with field deadlines"
  };

  private RdbFormat() {}

  /** The name of a value type for messages, or null when no version knows the number. */
  static String findTypeName(int type) {
    return type >= TYPES.length || TYPES[type].isEmpty() ? null : TYPES[type];
  }
}
