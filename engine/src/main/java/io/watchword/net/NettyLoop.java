package io.watchword.net;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.watchword.sys.Loop;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One Netty event loop: epoll where its native library loads, NIO elsewhere. */
public final class NettyLoop implements Loop, AutoCloseable {
  private final EventLoopGroup group;
  private final EventExecutor executor;
  private final boolean epoll;
  private final Consumer<Throwable> complaints;

  /**
   * Starts nothing yet; the thread named {@code name} starts with the first task.
   *
   * @param complaints told when a task throws, which is a defect of ours; the loop goes on
   */
  public NettyLoop(String name, Consumer<Throwable> complaints) {
    this.complaints = complaints;
    epoll = Epoll.isAvailable();
    DefaultThreadFactory threads = new DefaultThreadFactory(name, true);
    group = epoll ? new EpollEventLoopGroup(1, threads) : new NioEventLoopGroup(1, threads);
    executor = group.next();
  }

  /** {@code epoll} or {@code nio}, as INFO's multiplexing_api says. */
  public String kind() {
    return epoll ? "epoll" : "nio";
  }

  EventLoopGroup group() {
    return group;
  }

  boolean isEpoll() {
    return epoll;
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(guarded(task));
  }

  @Override
  public Cancel after(long delayMs, Runnable task) {
    Future<?> future = executor.schedule(guarded(task), delayMs, TimeUnit.MILLISECONDS);
    return () -> future.cancel(false);
  }

  @Override
  public Cancel every(long periodMs, Runnable task) {
    Future<?> future =
        executor.scheduleWithFixedDelay(guarded(task), periodMs, periodMs, TimeUnit.MILLISECONDS);
    return () -> future.cancel(false);
  }

  /** A periodic task that throws would never run again, and nobody would be told. */
  private Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error problem) {
        complaints.accept(problem);
      }
    };
  }

  /** Waits until the loop is closed; its thread alone does not keep a process alive. */
  public void join() {
    group.terminationFuture().awaitUninterruptibly();
  }

  /** Closes every connection and ends the thread. */
  @Override
  public void close() {
    group.shutdownGracefully(0, 200, TimeUnit.MILLISECONDS).awaitUninterruptibly(2_000);
  }
}
