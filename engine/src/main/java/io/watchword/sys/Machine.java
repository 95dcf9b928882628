package io.watchword.sys;

import java.util.List;

/**
 * Logic with no clock, socket, thread or luck of its own: same inputs, same outputs, every time.
 *
 * <p>Effects come back in the order in which they must be performed, durable ones first. A step
 * runs to its end on one thread without blocking; time only moves by events.
 *
 * @param <E> events, plain records
 * @param <F> effects, plain records
 * @param <V> the variables that the machine's TLA+ module names
 */
public interface Machine<E, F, V> {
  /**
   * Takes one event at {@code nowMs}, monotonic milliseconds that never go back, and returns what
   * the driver has to do.
   */
  List<F> step(long nowMs, E event);

  /** The variables the TLA+ module names, and nothing else. */
  V view();
}
