package io.watchword.net;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Resolves names beside the loop, since the system's resolver may be silent for half a minute and
 * the loop has clients to serve.
 *
 * <p>Each name has a thread while it is asked for, and one at most: whoever wants it meanwhile, as
 * every further dial does, waits for the same answer. So a name whose server is silent holds up
 * nobody who asks for another. Threads end when they are idle.
 */
final class Resolver {
  /** More names than a sentinel has nodes; then the next one is refused. */
  static final int NAMES_MAX = 64;

  /** Nodes may share a host, and each dials again while it waits. */
  static final int WAITING_MAX = 32;

  private static final int IDLE_SECONDS = 10;

  /** What resolves names; may block. */
  interface Names {
    InetAddress resolve(String host) throws UnknownHostException;
  }

  private record Waiting(Consumer<InetAddress> found, Consumer<String> failed) {}

  private final NettyLoop loop;
  private final Names names;
  private final Map<String, List<Waiting>> asked = new HashMap<>();
  private final Executor threads =
      new ThreadPoolExecutor(
          0,
          NAMES_MAX,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          new DefaultThreadFactory("resolver", true));

  Resolver(NettyLoop loop, Names names) {
    this.loop = loop;
    this.names = names;
  }

  /** One of the two is told, once, on the loop's thread. From any thread. */
  void resolve(String host, Consumer<InetAddress> found, Consumer<String> failed) {
    String refusal = findRefusal(host, new Waiting(found, failed));
    if (refusal != null) {
      loop.execute(() -> failed.accept(refusal));
    }
  }

  private synchronized String findRefusal(String host, Waiting waiting) {
    List<Waiting> others = asked.get(host);
    if (others != null) {
      if (others.size() >= WAITING_MAX) {
        return "too many wait for a name to be resolved: " + host;
      }
      others.add(waiting);
      return null;
    }
    try {
      threads.execute(() -> ask(host));
    } catch (RejectedExecutionException tooMany) {
      return "too many names are being resolved: " + host;
    }
    asked.put(host, new ArrayList<>(List.of(waiting)));
    return null;
  }

  private void ask(String host) {
    InetAddress address = null;
    try {
      address = names.resolve(host);
    } catch (UnknownHostException e) {
      // Said below.
    } finally {
      answer(host, address);
    }
  }

  private void answer(String host, InetAddress findAddress) {
    try {
      for (Waiting waiting : forget(host)) {
        loop.execute(() -> tell(waiting, host, findAddress));
      }
    } catch (RejectedExecutionException closed) {
      // The loop has ended, and with it whoever waited.
    }
  }

  private static void tell(Waiting waiting, String host, InetAddress findAddress) {
    if (findAddress == null) {
      waiting.failed().accept("can't resolve " + host);
    } else {
      waiting.found().accept(findAddress);
    }
  }

  private synchronized List<Waiting> forget(String host) {
    return asked.remove(host);
  }
}
