package io.watchword.server;

import io.watchword.command.Dispatcher;
import io.watchword.command.Pause;
import io.watchword.command.connection.ClientPause;
import io.watchword.sys.Clock;

/**
 * Who keeps clients waiting, and until when: CLIENT PAUSE, a FENCE of the sentinels that asked to
 * hold writes, and a shutdown that lets replicas catch up. A request that has to wait stays
 * unserved in its session and is given again when nobody keeps it waiting any longer.
 *
 * <p>A pause ends by its deadline at a {@link #tick} alone, never within a turn: what a command was
 * let past for at the gate must still stand when it runs. Hence it may last a tick longer, as in
 * Redis. Command thread.
 */
public final class Pauses implements ClientPause.Port {
  private final Dispatcher dispatcher;
  private final Clock clock;
  private Pause byClient = Pause.NONE;
  private long clientUntilMs;
  private boolean byOrder;
  private long orderUntilMs;
  private boolean byShutdown;

  Pauses(Dispatcher dispatcher, Clock clock) {
    this.dispatcher = dispatcher;
    this.clock = clock;
  }

  @Override
  public void pause(long forMs, boolean all) {
    // Of two pauses the later end and the stricter kind hold.
    clientUntilMs = byClient == Pause.NONE ? until(forMs) : Math.max(clientUntilMs, until(forMs));
    byClient = all || byClient == Pause.ALL ? Pause.ALL : Pause.STREAM;
    update();
  }

  @Override
  public void unpause() {
    byClient = Pause.NONE;
    update();
  }

  /**
   * Writes wait until their node is told its role, and at most for so long. What is published does
   * not: a fenced node tells its stream nothing of it, and a sentinel's hello must not keep back
   * the orders that come behind it on the same connection.
   */
  void holdWrites(long forMs) {
    byOrder = true;
    orderUntilMs = until(forMs);
    update();
  }

  /** The role is known: whoever waited for it is served by the rules of that role. */
  void letWritesGo() {
    byOrder = false;
    update();
  }

  /** What would reach replicas waits for the end of the server, or until it stays. */
  void holdForShutdown(boolean holds) {
    byShutdown = holds;
    update();
  }

  /** Whether writes wait for a role. */
  boolean holdsWrites() {
    return byOrder;
  }

  /** Ends what is over; ten times a second. */
  void tick() {
    long now = nowMs();
    if (byClient != Pause.NONE && now >= clientUntilMs) {
      unpause();
    }
    if (byOrder && now >= orderUntilMs) {
      letWritesGo();
    }
  }

  private void update() {
    // Whatever a client may ask for holds back what an order does, and more.
    Pause wanted = byClient == Pause.NONE && byShutdown ? Pause.STREAM : byClient;
    dispatcher.pause(wanted == Pause.NONE && byOrder ? Pause.WRITES : wanted);
  }

  private long until(long forMs) {
    long now = nowMs();
    return forMs > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + forMs;
  }

  private long nowMs() {
    return clock.nanos() / 1_000_000;
  }
}
