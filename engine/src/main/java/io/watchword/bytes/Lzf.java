package io.watchword.bytes;

/**
 * LZF blocks as RDB files hold them: one bare block for each string, whatever its length.
 *
 * <pre>
 *   000LLLLL                      L + 1 literal bytes follow
 *   LLLooooo oooooooo             copy L + 2 bytes from o + 1 bytes back, L from 1 to 6
 *   111ooooo LLLLLLLL oooooooo    the same with L + 9
 * </pre>
 *
 * <p>Why not a library: compress-lzf cuts its data into chunks of at most 64 KiB under headers of
 * its own, and its decoder is told where the output ends but not where the input does, so a damaged
 * block is read on into whatever follows it. Here both ends are known and nothing is allocated for
 * a block before its length is proven ({@link #expandedLength}).
 *
 * <p>Source: the format of Marc Lehmann's liblzf, as its documentation and public decoders describe
 * it. An instance holds the compressor's table and is used by one thread.
 */
public final class Lzf {
  private static final int LITERALS_MAX = 32;
  private static final int OFFSET_MAX = 1 << 13;
  private static final int MATCH_MAX = 264;
  private static final int HASH_BITS = 14;

  /** Misses after which the search takes steps of two, then three: random bytes cost little. */
  private static final int PATIENCE_BITS = 5;

  private final int[] seen = new int[1 << HASH_BITS];

  /**
   * Compresses {@code in[at, at + length)} to {@code out} at {@code outAt}; returns the length, or
   * 0 when it would be more than {@code lengthMax}.
   *
   * <p>The table may hold places of other strings: a place counts only when the bytes there are
   * within this string and equal.
   */
  public int compress(byte[] in, int at, int length, byte[] out, int outAt, int lengthMax) {
    int end = at + length;
    int outEnd = outAt + Math.min(lengthMax, out.length - outAt);
    int literals = at;
    int o = outAt;
    int i = at;
    while (i + 2 < end) {
      int word = (in[i] & 0xFF) << 16 | (in[i + 1] & 0xFF) << 8 | in[i + 2] & 0xFF;
      int slot = word * 0x9E3779B1 >>> (32 - HASH_BITS);
      int from = seen[slot];
      seen[slot] = i;
      if (from < at || from >= i || i - from > OFFSET_MAX || !sameThree(in, from, i)) {
        i += 1 + (i - literals >>> PATIENCE_BITS);
        continue;
      }
      int match = match(in, from, i, Math.min(end, i + MATCH_MAX));
      o = putLiterals(in, literals, i, out, o, outEnd - 3);
      if (o < 0) {
        return 0;
      }
      o = putMatch(out, o, match, i - from - 1);
      i += match;
      literals = i;
    }
    o = putLiterals(in, literals, end, out, o, outEnd);
    return o < 0 ? 0 : o - outAt;
  }

  private static boolean sameThree(byte[] in, int a, int b) {
    return in[a] == in[b] && in[a + 1] == in[b + 1] && in[a + 2] == in[b + 2];
  }

  private static int match(byte[] in, int from, int i, int end) {
    int n = 3;
    while (i + n < end && in[from + n] == in[i + n]) {
      n++;
    }
    return n;
  }

  /** Returns the new end of the output, or -1 when it would pass {@code outEnd}. */
  private static int putLiterals(byte[] in, int from, int to, byte[] out, int o, int outEnd) {
    int at = o;
    for (int i = from; i < to; ) {
      int run = Math.min(LITERALS_MAX, to - i);
      if (at + 1 + run > outEnd) {
        return -1;
      }
      out[at++] = (byte) (run - 1);
      System.arraycopy(in, i, out, at, run);
      at += run;
      i += run;
    }
    return at > outEnd ? -1 : at;
  }

  private static int putMatch(byte[] out, int o, int match, int offset) {
    int at = o;
    int code = match - 2;
    if (code < 7) {
      out[at++] = (byte) (code << 5 | offset >> 8);
    } else {
      out[at++] = (byte) (7 << 5 | offset >> 8);
      out[at++] = (byte) (code - 7);
    }
    out[at++] = (byte) offset;
    return at;
  }

  /**
   * How many bytes the block {@code in[at, at + length)} expands to, or -1 when it is no block: cut
   * short, or pointing back before its beginning.
   */
  public static long expandedLength(byte[] in, int at, int length) {
    int end = at + length;
    long expanded = 0;
    int i = at;
    while (i < end) {
      int control = in[i++] & 0xFF;
      if (control < LITERALS_MAX) {
        i += control + 1;
        expanded += control + 1;
        continue;
      }
      int match = control >> 5;
      if (match == 7) {
        if (i == end) {
          return -1;
        }
        match += in[i++] & 0xFF;
      }
      if (i == end) {
        return -1;
      }
      int offset = (control & 31) << 8 | in[i++] & 0xFF;
      if (offset + 1 > expanded) {
        return -1;
      }
      expanded += match + 2;
    }
    return i == end ? expanded : -1;
  }

  /**
   * Expands a block for which {@link #expandedLength} is not -1; {@code out} has room for all of
   * it.
   */
  public static void expand(byte[] in, int at, int length, byte[] out, int outAt) {
    int end = at + length;
    int i = at;
    int o = outAt;
    while (i < end) {
      int control = in[i++] & 0xFF;
      if (control < LITERALS_MAX) {
        System.arraycopy(in, i, out, o, control + 1);
        i += control + 1;
        o += control + 1;
        continue;
      }
      int match = (control >> 5) + 2;
      if (match == 9) {
        match += in[i++] & 0xFF;
      }
      int from = o - ((control & 31) << 8 | in[i++] & 0xFF) - 1;
      // Byte by byte: a match may overlap what it makes, as a run of one byte does.
      for (int n = 0; n < match; n++) {
        out[o++] = out[from++];
      }
    }
  }
}
