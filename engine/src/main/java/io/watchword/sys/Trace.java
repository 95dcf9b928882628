package io.watchword.sys;

import java.util.List;

/**
 * Receives every step of every machine from its {@link Driver}, so no trace call is ever forgotten
 * or put on the wrong side of a change.
 */
public interface Trace {
  /** Takes no notice; the live default. */
  Trace OFF =
      new Trace() {
        @Override
        public boolean on() {
          return false;
        }

        @Override
        public void step(String node, Object event, Object before, Object after, List<?> effects) {}
      };

  /** Whether steps are wanted; lets a driver skip the view taken before a step. */
  boolean on();

  /** One step of a machine on {@code node}. */
  void step(String node, Object event, Object before, Object after, List<?> effects);
}
