package io.watchword.replication;

import io.watchword.sys.Check;

/**
 * The last part of the replication stream, one copy for all who read it.
 *
 * <p>Bytes are numbered as offsets number them: the first byte of a history is 1. They lie in
 * blocks of {@value #BLOCK_BYTES}; a reader is handed a slice of a block and keeps nothing of its
 * own but the number of the next byte it wants. Blocks are taken as the stream grows and dropped as
 * {@link #trim} lets go of them, so the memory is that of the bytes held, rounded up to a block.
 *
 * <p>Used by the command thread.
 */
public final class Backlog {
  private static final int BLOCK_SHIFT = 16;

  /** Size of one block. */
  public static final int BLOCK_BYTES = 1 << BLOCK_SHIFT;

  private byte[][] blocks = new byte[16][];
  private boolean on;
  private long first = 1;
  private long next = 1;
  private byte[] spare;

  /** Whether the stream is being kept at all. */
  public boolean isOn() {
    return on;
  }

  /** Offset of the first byte held; {@link #next} when none is. */
  public long first() {
    return first;
  }

  /** Offset that the next byte will have. */
  public long next() {
    return next;
  }

  /** Bytes held. */
  public long length() {
    return next - first;
  }

  /** Empties the backlog; the next byte has the offset {@code nextOffset}. */
  public void start(long nextOffset) {
    blocks = new byte[16][];
    first = nextOffset;
    next = nextOffset;
    on = true;
  }

  /** Stops keeping the stream and gives its memory back. */
  public void stop() {
    start(next);
    on = false;
  }

  /** Adds {@code b[from, to)} at the end. */
  public void append(byte[] b, int from, int to) {
    Check.that(on, "the backlog is off");
    int at = from;
    while (at < to) {
      byte[] block = blockForWriting();
      int into = (int) (next & (BLOCK_BYTES - 1));
      int n = Math.min(to - at, BLOCK_BYTES - into);
      System.arraycopy(b, at, block, into, n);
      at += n;
      next += n;
    }
  }

  /** The block in which byte {@code offset} lies; for reading. */
  public byte[] block(long offset) {
    Check.that(offset >= first && offset < next, "not in the backlog: " + offset);
    return blocks[slot(offset >>> BLOCK_SHIFT)];
  }

  /** Index of byte {@code offset} in its block. */
  public int index(long offset) {
    return (int) (offset & (BLOCK_BYTES - 1));
  }

  /** How many bytes from {@code offset} on, at most to {@code last}, lie in the same block. */
  public int run(long offset, long last) {
    return (int) Math.min(last - offset + 1, BLOCK_BYTES - index(offset));
  }

  /** Lets go of the bytes before {@code offset}. */
  public void trim(long offset) {
    long to = Math.min(Math.max(offset, first), next);
    for (long number = first >>> BLOCK_SHIFT; number < to >>> BLOCK_SHIFT; number++) {
      int slot = slot(number);
      if (blocks[slot] != null) {
        spare = blocks[slot];
        blocks[slot] = null;
      }
    }
    first = to;
  }

  private byte[] blockForWriting() {
    long number = next >>> BLOCK_SHIFT;
    if (number - (first >>> BLOCK_SHIFT) >= blocks.length) {
      grow();
    }
    int slot = slot(number);
    if (blocks[slot] == null) {
      blocks[slot] = spare != null ? spare : new byte[BLOCK_BYTES];
      spare = null;
    }
    return blocks[slot];
  }

  private int slot(long number) {
    return (int) (number & (blocks.length - 1));
  }

  private void grow() {
    byte[][] old = blocks;
    blocks = new byte[2 * old.length][];
    long lowest = first >>> BLOCK_SHIFT;
    for (long number = lowest; number < lowest + old.length; number++) {
      blocks[slot(number)] = old[(int) (number & (old.length - 1))];
    }
  }
}
