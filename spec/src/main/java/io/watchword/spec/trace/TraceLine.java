package io.watchword.spec.trace;

import io.watchword.spec.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One line of a trace: one step of one node's replication.
 *
 * @param place file and line, for messages
 * @param seq number of the step at its node, from 1 at each start of a process
 * @param tNs the same clock for all nodes of a run
 * @param type name of the event
 * @param to offset after the units of Wrote and Streamed, else -1
 * @param ends offsets at which these units end
 */
public record TraceLine(
    String place,
    String node,
    long seq,
    long tNs,
    String type,
    long to,
    List<Long> ends,
    View before,
    View after) {

  static final String STARTED = "Started";

  /** The step, or null for a line of another machine than replication. */
  static TraceLine findReplication(String place, String text) {
    try {
      Map<String, Object> json = Json.readObject(text);
      long version = Json.field(json, "v", Long.class);
      if (version != 1) {
        throw new IllegalArgumentException("format " + version + " is not known here");
      }
      return Json.field(json, "machine", String.class).equals("replication")
          ? of(place, json)
          : null;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
    }
  }

  private static TraceLine of(String place, Map<String, Object> json) {
    Map<String, Object> event = Json.object(json.get("event"), "field \"event\"");
    String type = Json.field(event, "type", String.class);
    boolean moves = type.equals("Wrote") || type.equals("Streamed");
    List<Long> ends = new ArrayList<>();
    if (moves) {
      for (Object end : Json.field(event, "ends", List.class)) {
        if (!(end instanceof Long)) {
          throw new IllegalArgumentException("field \"ends\" holds no numbers");
        }
        ends.add((Long) end);
      }
    }
    return new TraceLine(
        place,
        Json.field(json, "node", String.class),
        Json.field(json, "seq", Long.class),
        Json.field(json, "t_ns", Long.class),
        type,
        moves ? Json.field(event, "to", Long.class) : -1,
        List.copyOf(ends),
        View.of(Json.object(json.get("before"), "field \"before\"")),
        View.of(Json.object(json.get("after"), "field \"after\"")));
  }

  /** Whether the model does not see this step: Tick, Acked and whatever else changed nothing. */
  boolean isStuttering() {
    return before.equals(after) && to < 0 && !isStart();
  }

  boolean isStart() {
    return type.equals(STARTED);
  }

  /** The step in a few words. */
  public String describe() {
    return type + (to >= 0 ? " to " + to : "") + " at " + node + " (" + place + ")";
  }
}
