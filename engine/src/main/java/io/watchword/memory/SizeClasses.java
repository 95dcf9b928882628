package io.watchword.memory;

/**
 * Block sizes: every multiple of 4 up to 1 KiB, then sixteen steps for each doubling up to 64 KiB,
 * so that rounding wastes at most 3 bytes on small blocks and a sixteenth on large ones.
 */
final class SizeClasses {
  /** Largest block; what is larger lives outside the pages. */
  static final int BLOCK_BYTES_MAX = 1 << 16;

  /** Smallest block: a free one must hold the reference of the next free one. */
  static final int BLOCK_BYTES_MIN = 8;

  private static final int EXACT_BYTES_MAX = 1024;
  private static final int EXACT = EXACT_BYTES_MAX / 4;
  private static final int FIRST_BITS = 10;
  private static final int STEP_BITS = 4;

  /** Number of classes; a class is an index below it. */
  static final int COUNT = EXACT + 1 + ((16 - FIRST_BITS) << STEP_BITS);

  private SizeClasses() {}

  /** Smallest class whose blocks hold {@code bytes}. */
  static int of(int bytes) {
    if (bytes <= EXACT_BYTES_MAX) {
      return Math.max(bytes + 3, BLOCK_BYTES_MIN) >>> 2;
    }
    int last = bytes - 1;
    int bits = 31 - Integer.numberOfLeadingZeros(last);
    int step = (last >>> (bits - STEP_BITS)) & 15;
    return EXACT + 1 + ((bits - FIRST_BITS) << STEP_BITS) + step;
  }

  /** Size in bytes of the blocks of a class. */
  static int bytes(int sizeClass) {
    if (sizeClass <= EXACT) {
      return sizeClass << 2;
    }
    int index = sizeClass - EXACT - 1;
    int bits = FIRST_BITS + (index >>> STEP_BITS);
    return ((1 << STEP_BITS) + (index & 15) + 1) << (bits - STEP_BITS);
  }

  /**
   * Largest class whose blocks fit into {@code bytes}, which is at least {@link #BLOCK_BYTES_MIN}.
   */
  static int within(int bytes) {
    int sizeClass = of(Math.min(bytes, BLOCK_BYTES_MAX));
    return bytes(sizeClass) <= bytes ? sizeClass : sizeClass - 1;
  }
}
