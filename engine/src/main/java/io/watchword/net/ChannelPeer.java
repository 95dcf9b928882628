package io.watchword.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.watchword.resp.Conversation;
import io.watchword.resp.Peer;
import io.watchword.resp.RespService;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Consumer;

/**
 * One channel: the {@link Peer} that a conversation writes to, and the Netty handler that feeds it.
 * There is no codec chain: bytes go from the read buffer into one heap array per connection that is
 * lent to the conversation for the call.
 */
final class ChannelPeer extends ChannelInboundHandlerAdapter implements Peer {
  private final RespService service;
  private final LoopBuffers buffers;
  private final Consumer<String> complaints;
  private Conversation conversation;
  private Channel channel;
  private String closedBecause = "connection closed by peer";

  /**
   * @param buffers the loop's own, shared by its channels
   * @param complaints told when a conversation throws, which is a defect of ours
   */
  ChannelPeer(RespService service, LoopBuffers buffers, Consumer<String> complaints) {
    this.service = service;
    this.buffers = buffers;
    this.complaints = complaints;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    channel = context.channel();
    conversation = service.opened(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf data = (ByteBuf) message;
    byte[] in = buffers.in;
    try {
      while (data.isReadable()) {
        int n = Math.min(data.readableBytes(), in.length);
        data.readBytes(in, 0, n);
        conversation.received(in, 0, n);
      }
    } finally {
      data.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    conversation.turnEnded();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (channel.isWritable()) {
      conversation.writable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (conversation != null) {
      conversation.closed(closedBecause);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable problem) {
    closedBecause = String.valueOf(problem.getMessage());
    if (!(problem instanceof java.io.IOException)) {
      complaints.accept(Defects.describe(problem));
    }
    context.close();
  }

  @Override
  public void send(byte[] bytes, int offset, int length) {
    channel.write(buffers.filled(channel.alloc(), bytes, offset, length), channel.voidPromise());
  }

  @Override
  public void flush() {
    channel.flush();
  }

  @Override
  public void close() {
    if (channel.isActive()) {
      // An empty write completes after everything before it, which is when closing loses nothing.
      channel.writeAndFlush(channel.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void abort() {
    channel.close();
  }

  @Override
  public long pendingBytes() {
    ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
    return out == null ? 0 : out.totalPendingWriteBytes();
  }

  @Override
  public boolean isOpen() {
    return channel.isActive();
  }

  @Override
  public void readMore(boolean wanted) {
    channel.config().setAutoRead(wanted);
  }

  @Override
  public String remote() {
    return printed(channel.remoteAddress());
  }

  @Override
  public String local() {
    return printed(channel.localAddress());
  }

  static String printed(SocketAddress address) {
    if (!(address instanceof InetSocketAddress inet) || inet.getAddress() == null) {
      return "?:0";
    }
    String ip = inet.getAddress().getHostAddress();
    return (ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip) + ":" + inet.getPort();
  }
}
