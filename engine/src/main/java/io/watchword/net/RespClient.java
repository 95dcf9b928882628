package io.watchword.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.NetUtil;
import io.watchword.resp.RespService;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** Dials other servers from one loop; names are resolved beside it, see {@link Resolver}. */
public final class RespClient {
  private final NettyLoop loop;
  private final Consumer<String> complaints;
  private final LoopBuffers buffers = new LoopBuffers();
  private final Resolver resolver;

  /**
   * @param complaints told of defects, see {@link ChannelPeer}
   */
  public RespClient(NettyLoop loop, Consumer<String> complaints) {
    this(loop, complaints, InetAddress::getByName);
  }

  /** For tests, whose names resolve as slowly as they like. */
  RespClient(NettyLoop loop, Consumer<String> complaints, Resolver.Names names) {
    this.loop = loop;
    this.complaints = complaints;
    this.resolver = new Resolver(loop, names);
  }

  /**
   * Dials {@code host}:{@code port}; names are resolved at each call, which is not a part of {@code
   * timeoutMs}. Either {@code service} is told of the peer or {@code failed} of the reason, once,
   * on the loop's thread.
   *
   * @param source local address to dial from ({@code bind-source-addr}), or empty
   */
  public void connect(
      String host,
      int port,
      String source,
      int timeoutMs,
      RespService service,
      Consumer<String> failed) {
    byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
    if (literal != null) {
      dial(new InetSocketAddress(host, port), source, timeoutMs, service, failed);
      return;
    }
    resolver.resolve(
        host,
        found -> dial(new InetSocketAddress(found, port), source, timeoutMs, service, failed),
        failed);
  }

  private void dial(
      InetSocketAddress to,
      String source,
      int timeoutMs,
      RespService service,
      Consumer<String> failed) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop.group())
            .channel(loop.isEpoll() ? EpollSocketChannel.class : NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMs)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    buffers.readInto(channel);
                    channel.pipeline().addLast(new ChannelPeer(service, buffers, complaints));
                  }
                });
    InetSocketAddress from = source.isEmpty() ? null : new InetSocketAddress(source, 0);
    ChannelFuture dialled = bootstrap.connect(to, from);
    dialled.addListener(
        done -> {
          if (!done.isSuccess()) {
            failed.accept(String.valueOf(done.cause().getMessage()));
          }
        });
  }
}
