package io.watchword.sentinel.boot;

import io.watchword.net.Defects;
import io.watchword.sentinel.core.Effect;
import io.watchword.sentinel.core.Event;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Takes the machine from event to event, one at a time: what an effect brings about waits until the
 * effects before it are performed. A throw ends it for good, since the machine may have taken half
 * a step, and then its state is no longer that of its log. One thread calls it.
 */
final class Steps {
  private final Function<Event, List<Effect>> machine;
  private final Consumer<Effect> port;
  private final Consumer<String> fatal;
  private final Deque<Event> events = new ArrayDeque<>();
  private boolean delivering;
  private boolean broken;

  /**
   * @param fatal told once, with the place that threw; the process must end
   */
  Steps(Function<Event, List<Effect>> machine, Consumer<Effect> port, Consumer<String> fatal) {
    this.machine = machine;
    this.port = port;
    this.fatal = fatal;
  }

  /** Hands one event to the machine, after those that are being handled. */
  void deliver(Event event) {
    if (broken) {
      return;
    }
    events.add(event);
    if (delivering) {
      return;
    }
    delivering = true;
    try {
      for (Event next = events.poll(); next != null; next = events.poll()) {
        machine.apply(next).forEach(port);
      }
    } catch (RuntimeException | Error e) {
      broken = true;
      fatal.accept("a defect: " + Defects.describe(e));
    } finally {
      delivering = false;
    }
  }
}
