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
  /** Bytes taken from the socket in one read; a pipeline of 64 small commands fits many times. */
  static final int READ_BYTES = 1 << 14;

  private final RespService service;
  private final byte[] in;
  private final Consumer<String> complaints;
  private Conversation conversation;
  private Channel channel;
  private String closedBecause = "connection closed by peer";

  /**
   * @param in the loop's read array of {@link #READ_BYTES}, shared by its channels
   * @param complaints told when a conversation throws, which is a defect of ours
   */
  ChannelPeer(RespService service, byte[] in, Consumer<String> complaints) {
    this.service = service;
    this.in = in;
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
      complaints.accept(describe(problem));
    }
    context.close();
  }

  private static String describe(Throwable problem) {
    java.io.StringWriter text = new java.io.StringWriter();
    problem.printStackTrace(new java.io.PrintWriter(text));
    return text.toString();
  }

  @Override
  public void send(byte[] bytes, int offset, int length) {
    ByteBuf out = channel.alloc().directBuffer(length);
    out.writeBytes(bytes, offset, length);
    channel.write(out, channel.voidPromise());
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
