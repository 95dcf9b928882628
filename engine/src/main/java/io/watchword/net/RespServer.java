package io.watchword.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannelConfig;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.watchword.resp.RespService;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** A listening socket whose connections are served on one loop. */
public final class RespServer implements AutoCloseable {
  private static final int KEEPALIVE_PROBES = 3;

  private final Channel listener;

  private RespServer(Channel listener) {
    this.listener = listener;
  }

  /**
   * Binds {@code address}:{@code port} without taking connections yet: callers wait in the queue
   * until {@link #open}. Port 0 lets the system choose.
   *
   * @param backlog length of the queue of connections not yet accepted
   * @param keepaliveSeconds 0 for no TCP keepalive
   * @param complaints told of defects, see {@link ChannelPeer}
   * @throws IOException when the address cannot be bound, with the reason
   */
  public static RespServer bind(
      NettyLoop loop,
      String address,
      int port,
      int backlog,
      int keepaliveSeconds,
      RespService service,
      Consumer<String> complaints)
      throws IOException {
    LoopBuffers buffers = new LoopBuffers();
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop.group())
            .channel(loop.isEpoll() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, backlog)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, keepaliveSeconds > 0)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(1 << 18, 1 << 20))
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    if (keepaliveSeconds > 0
                        && channel.config() instanceof EpollSocketChannelConfig socket) {
                      probeAfter(keepaliveSeconds, socket);
                    }
                    buffers.readInto(channel);
                    channel.pipeline().addLast(new ChannelPeer(service, buffers, complaints));
                  }
                });
    ChannelFuture bound =
        bootstrap.bind(new InetSocketAddress(address, port)).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(bound.cause().getMessage(), bound.cause());
    }
    return new RespServer(bound.channel());
  }

  /**
   * The system's own times are hours. A silent connection is probed after {@code seconds}, and is
   * given up after about as long again.
   */
  static void probeAfter(int seconds, EpollSocketChannelConfig socket) {
    socket.setTcpKeepIdle(seconds);
    socket.setTcpKeepIntvl(Math.max(1, seconds / KEEPALIVE_PROBES));
    socket.setTcpKeepCnt(KEEPALIVE_PROBES);
  }

  /** As {@link #bind}, and takes connections at once. */
  public static RespServer listen(
      NettyLoop loop,
      String address,
      int port,
      int backlog,
      int keepaliveSeconds,
      RespService service,
      Consumer<String> complaints)
      throws IOException {
    RespServer server = bind(loop, address, port, backlog, keepaliveSeconds, service, complaints);
    server.open();
    return server;
  }

  /** Takes connections from now on. */
  public void open() {
    listener.config().setAutoRead(true);
  }

  /** The port that is listened on. */
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /** Stops listening; standing connections stay. */
  @Override
  public void close() {
    listener.close().awaitUninterruptibly(1_000);
  }
}
