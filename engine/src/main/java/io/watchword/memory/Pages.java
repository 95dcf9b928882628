package io.watchword.memory;

import io.watchword.bytes.Raw;
import java.util.Arrays;

/**
 * A heap of blocks inside 1 MiB {@code byte[]} pages.
 *
 * <p>A million small values are then a few hundred objects to the garbage collector instead of
 * millions, and a value costs its own bytes and nothing for a header, a pointer or padding to 16.
 *
 * <p>A <em>reference</em> is a number of 36 bits: the block's place counted in units of 4 bytes
 * over all pages, so 256 GiB can be named; 0 is no block. Blocks have no header: whoever frees a
 * block knows its size. Free blocks of a class form a list threaded through the blocks themselves.
 * When a list is empty and much is free elsewhere, a larger free block is cut up; free neighbours
 * are not joined again, so a workload that changes its sizes for good pays up to an eighth in free
 * blocks of the wrong size before it grows.
 *
 * <p>Used by the command thread alone.
 */
public final class Pages {
  /** Largest block in bytes. */
  public static final int BLOCK_BYTES_MAX = SizeClasses.BLOCK_BYTES_MAX;

  private static final int PAGE_BITS = 20;
  private static final int PAGE_BYTES = 1 << PAGE_BITS;
  private static final int UNIT_BITS = 2;
  private static final int PAGE_SHIFT = PAGE_BITS - UNIT_BITS;
  private static final int UNIT_MASK = (1 << PAGE_SHIFT) - 1;

  /** The object header of an array counts too: a page and its header are 1 MiB together. */
  private static final int USABLE_BYTES = PAGE_BYTES - 16;

  private final long limitBytes;
  private final long[] free = new long[SizeClasses.COUNT];
  private byte[][] pages = new byte[16][];
  private int pageCount;
  private int bump = USABLE_BYTES;
  private long usedBytes;
  private long freeBytes;
  private long claimedBytes;

  /** Pages that, with what is claimed, never take more than {@code limitBytes}. */
  public Pages(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /**
   * A block of at least {@code bytes}, at most {@link #BLOCK_BYTES_MAX}; its content is undefined.
   *
   * @throws PagesFull when the limit leaves no room; nothing has changed then
   */
  public long allocate(int bytes) {
    int sizeClass = SizeClasses.of(bytes);
    long ref = free[sizeClass];
    if (ref != 0) {
      free[sizeClass] = Raw.getLong(page(ref), at(ref));
      int size = SizeClasses.bytes(sizeClass);
      freeBytes -= size;
      usedBytes += size;
      return ref;
    }
    return allocateFresh(sizeClass);
  }

  /** Gives back a block that was allocated for {@code bytes}. */
  public void free(long ref, int bytes) {
    int sizeClass = SizeClasses.of(bytes);
    usedBytes -= SizeClasses.bytes(sizeClass);
    push(ref, sizeClass);
  }

  /** Whether blocks for the two sizes are of one class, so that one can be reused for the other. */
  public static boolean sameBlock(int bytes, int otherBytes) {
    return SizeClasses.of(bytes) == SizeClasses.of(otherBytes);
  }

  /** The array that holds a block. */
  public byte[] page(long ref) {
    return pages[(int) (ref >>> PAGE_SHIFT)];
  }

  /** Index of the block's first byte in its {@link #page}. */
  public static int at(long ref) {
    return ((int) ref & UNIT_MASK) << UNIT_BITS;
  }

  /** Bytes of blocks in use, rounding included. */
  public long usedBytes() {
    return usedBytes;
  }

  /** Bytes of all pages. */
  public long reservedBytes() {
    return (long) pageCount << PAGE_BITS;
  }

  /** Bytes that can still be had, in free blocks or new pages. */
  public long roomBytes() {
    return limitBytes - reservedBytes() - claimedBytes + freeBytes;
  }

  /**
   * Counts memory outside the pages against their limit.
   *
   * @throws PagesFull when the limit leaves no room; nothing has changed then
   */
  public void claim(long bytes) {
    if (bytes > limitBytes - reservedBytes() - claimedBytes) {
      throw new PagesFull();
    }
    claimedBytes += bytes;
  }

  /** Memory outside the pages was given back. */
  public void unclaim(long bytes) {
    claimedBytes -= bytes;
  }

  /** Forgets every block and gives the pages back to the collector. */
  public void clear() {
    pages = new byte[16][];
    pageCount = 0;
    bump = USABLE_BYTES;
    usedBytes = 0;
    freeBytes = 0;
    claimedBytes = 0;
    Arrays.fill(free, 0);
  }

  private long allocateFresh(int sizeClass) {
    int size = SizeClasses.bytes(sizeClass);
    if (bump + size > USABLE_BYTES) {
      boolean growing = freeBytes <= reservedBytes() >>> 3 && canGrow();
      long cut = growing ? 0 : findCut(sizeClass);
      if (cut != 0) {
        usedBytes += size;
        return cut;
      }
      grow();
    }
    long ref = (long) (pageCount - 1) << PAGE_SHIFT | bump >>> UNIT_BITS;
    bump += size;
    usedBytes += size;
    return ref;
  }

  /** Takes a larger free block, keeps its front and frees the rest; 0 when there is none. */
  private long findCut(int sizeClass) {
    for (int c = sizeClass + 2; c < free.length; c++) {
      long ref = free[c];
      if (ref != 0) {
        free[c] = Raw.getLong(page(ref), at(ref));
        freeBytes -= SizeClasses.bytes(c);
        int size = SizeClasses.bytes(sizeClass);
        scatter(ref + (size >>> UNIT_BITS), SizeClasses.bytes(c) - size);
        return ref;
      }
    }
    return 0;
  }

  private boolean canGrow() {
    return PAGE_BYTES <= limitBytes - reservedBytes() - claimedBytes;
  }

  private void grow() {
    if (!canGrow()) {
      throw new PagesFull();
    }
    if (pageCount > 0) {
      scatter((long) (pageCount - 1) << PAGE_SHIFT | bump >>> UNIT_BITS, USABLE_BYTES - bump);
    }
    if (pageCount == pages.length) {
      pages = Arrays.copyOf(pages, 2 * pageCount);
    }
    pages[pageCount] = new byte[USABLE_BYTES];
    // Reference 0 means none, so the first page gives up its first block.
    bump = pageCount == 0 ? SizeClasses.BLOCK_BYTES_MIN : 0;
    pageCount++;
  }

  /** Frees a stretch of bytes as the largest blocks that fit; a rest of 4 bytes is lost. */
  private void scatter(long ref, int bytes) {
    long at = ref;
    int rest = bytes;
    while (rest >= SizeClasses.BLOCK_BYTES_MIN) {
      int sizeClass = SizeClasses.within(rest);
      int size = SizeClasses.bytes(sizeClass);
      push(at, sizeClass);
      at += size >>> UNIT_BITS;
      rest -= size;
    }
  }

  private void push(long ref, int sizeClass) {
    Raw.putLong(page(ref), at(ref), free[sizeClass]);
    free[sizeClass] = ref;
    freeBytes += SizeClasses.bytes(sizeClass);
  }
}
