package io.watchword.sys;

import java.util.List;
import java.util.function.Consumer;

/**
 * The one place where a machine meets the world, hence the only place where it is traced.
 *
 * <p>Three drivers share this body: live (system clock, Netty port, trace off or to a file),
 * simulated (virtual time, simulated links, trace always on) and replay (effects compared instead
 * of performed). Called by the thread that owns the machine.
 */
public final class Driver<E, F, V> {
  private final String node;
  private final Machine<E, F, V> machine;
  private final Clock clock;
  private final Trace trace;
  private final Consumer<F> port;

  /**
   * @param node name under which steps are traced
   * @param port performs one effect
   */
  public Driver(String node, Machine<E, F, V> machine, Clock clock, Trace trace, Consumer<F> port) {
    this.node = node;
    this.machine = machine;
    this.clock = clock;
    this.trace = trace;
    this.port = port;
  }

  /** Hands the machine one event, traces the step, then performs its effects in order. */
  public void deliver(E event) {
    V before = trace.on() ? machine.view() : null;
    List<F> effects = machine.step(clock.nanos() / 1_000_000, event);
    if (trace.on()) {
      trace.step(node, event, before, machine.view(), effects);
    }
    effects.forEach(port);
  }
}
