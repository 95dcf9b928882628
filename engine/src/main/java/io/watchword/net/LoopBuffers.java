package io.watchword.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * The buffers that one loop uses again and again instead of asking an allocator at each read and
 * each write: with a handful of bytes a turn the asking would cost more than the copying.
 *
 * <p>A read is copied out and given back before the next one, so one buffer serves all channels. A
 * reply is nearly always in the kernel when flush returns; while one is not, others are allocated.
 */
final class LoopBuffers {
  /** Bytes taken from a socket in one read; a pipeline of 64 small commands fits. */
  static final int READ_BYTES = 1 << 14;

  private static final int WRITE_BYTES = 1 << 14;

  /** What {@code net} lends to conversations. */
  final byte[] in = new byte[READ_BYTES];

  private final ByteBuf read = Unpooled.directBuffer(READ_BYTES, READ_BYTES);
  private final ByteBuf write = Unpooled.directBuffer(WRITE_BYTES, WRITE_BYTES);

  /** A buffer that holds the bytes; the channel that it is written to releases it. */
  ByteBuf filled(ByteBufAllocator allocator, byte[] bytes, int offset, int length) {
    boolean free = write.refCnt() == 1 && length <= WRITE_BYTES;
    ByteBuf out = free ? write.clear().retain() : allocator.directBuffer(length);
    return out.writeBytes(bytes, offset, length);
  }

  /** One read a turn keeps the loop fair among clients, with one flush for what was read. */
  @SuppressWarnings("deprecation") // as SharedRead
  void readInto(Channel channel) {
    DefaultMaxMessagesRecvByteBufAllocator reads = new FixedRecvByteBufAllocator(READ_BYTES);
    reads.maxMessagesPerRead(1);
    channel.config().setRecvByteBufAllocator(() -> new SharedRead(reads.newHandle()));
  }

  /** Netty's own bookkeeping of reads, but for where the bytes go. */
  @SuppressWarnings(
      "deprecation") // Handle is deprecated in name; all of Netty 4.1 goes through it.
  private final class SharedRead extends RecvByteBufAllocator.DelegatingHandle
      implements RecvByteBufAllocator.ExtendedHandle {
    private final RecvByteBufAllocator.ExtendedHandle counting;

    SharedRead(RecvByteBufAllocator.Handle counting) {
      super(counting);
      this.counting = (RecvByteBufAllocator.ExtendedHandle) counting;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      return read.refCnt() == 1 ? read.clear().retain() : allocator.directBuffer(READ_BYTES);
    }

    @Override
    public boolean continueReading(io.netty.util.UncheckedBooleanSupplier maybeMoreData) {
      return counting.continueReading(maybeMoreData);
    }
  }
}
