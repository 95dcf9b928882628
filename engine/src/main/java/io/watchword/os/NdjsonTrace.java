package io.watchword.os;

import io.watchword.sys.Trace;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Writes each step of a machine as one line of JSON, for {@code watchword check --trace}:
 *
 * <pre>
 * {"v":1,"node":"127.0.0.1:6379","seq":7,"t_ns":123,"machine":"replication",
 *  "event":{"type":"Wrote","to":58,"ends":[23,58]},"before":{...},"after":{...},
 *  "effects":["Feed"],"epoch":0,"offset":58,"raft":0}
 * </pre>
 *
 * <p>Events and views are records; numbers, truth values, texts and arrays of numbers among their
 * components are written, everything else (bytes that were lent, say) is left out. A line is
 * written in one piece and flushed, so that a killed process leaves whole lines but for the last.
 * Used by the thread that owns the machine.
 */
public final class NdjsonTrace implements Trace {
  private final Appendable out;
  private final LongSupplier nanos;
  private final Consumer<String> complaints;
  private long seq;
  private boolean on = true;

  /**
   * @param out gets whole lines; flushed after each when it can be
   * @param nanos one clock for all nodes whose traces are read together
   * @param complaints told once when a line could not be written: the trace ends there, the node
   *     goes on
   */
  public NdjsonTrace(Appendable out, LongSupplier nanos, Consumer<String> complaints) {
    this.complaints = complaints;
    this.out = out;
    this.nanos = nanos;
  }

  @Override
  public boolean on() {
    return on;
  }

  @Override
  public void step(String node, Object event, Object before, Object after, List<?> effects) {
    if (!on) {
      return;
    }
    StringJoiner names = new StringJoiner(",", "[", "]");
    for (Object effect : effects) {
      names.add(quoted(effect.getClass().getSimpleName()));
    }
    String line =
        "{\"v\":1,\"node\":"
            + quoted(node)
            + ",\"seq\":"
            + ++seq
            + ",\"t_ns\":"
            + nanos.getAsLong()
            + ",\"machine\":"
            + quoted(machine(after))
            + ",\"event\":"
            + object(event, "\"type\":" + quoted(event.getClass().getSimpleName()))
            + ",\"before\":"
            + object(before, "")
            + ",\"after\":"
            + object(after, "")
            + ",\"effects\":"
            + names
            + ",\"epoch\":"
            + numberIn(event, "epoch")
            + ",\"offset\":"
            + numberIn(after, "offset")
            + ",\"raft\":0}\n";
    try {
      out.append(line);
      if (out instanceof java.io.Flushable flushable) {
        flushable.flush();
      }
    } catch (IOException e) {
      // A line with a gap behind it would be taken for a step that never was: no line at all.
      on = false;
      complaints.accept("The trace ends here, it cannot be written: " + e.getMessage());
    }
  }

  private static String machine(Object view) {
    String name = view.getClass().getSimpleName();
    return name.replaceFirst("View$", "").toLowerCase(Locale.ROOT);
  }

  private static long numberIn(Object record, String name) {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      if (component.getName().equals(name) && component.getType() == long.class) {
        return Math.max(0, (long) value(record, component));
      }
    }
    return 0;
  }

  private static String object(Object record, String first) {
    StringJoiner fields = new StringJoiner(",", "{", "}");
    if (!first.isEmpty()) {
      fields.add(first);
    }
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      String json = json(value(record, component));
      if (!json.isEmpty()) {
        fields.add(quoted(component.getName()) + ":" + json);
      }
    }
    return fields.toString();
  }

  private static Object value(Object record, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The JSON form, or an empty text for what is not written. */
  private static String json(Object value) {
    if (value instanceof Long || value instanceof Integer || value instanceof Boolean) {
      return value.toString();
    }
    if (value instanceof String || value instanceof Enum<?>) {
      return quoted(value.toString());
    }
    if (value instanceof long[]) {
      StringJoiner numbers = new StringJoiner(",", "[", "]");
      for (int i = 0; i < Array.getLength(value); i++) {
        numbers.add(Long.toString(Array.getLong(value, i)));
      }
      return numbers.toString();
    }
    return "";
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
