package io.watchword.spec.trace;

import java.util.Arrays;
import java.util.Locale;

/** Trace lines as text, for tests that need few of them. */
final class Lines {
  private Lines() {}

  static String started(String node, long seq, long tNs) {
    return line(node, seq, tNs, "{\"type\":\"Started\"}", 0, 0, "");
  }

  /** A master writes from one offset to the last of these ends. */
  static String wrote(String node, long seq, long tNs, long from, long... ends) {
    return moved("Wrote", node, seq, tNs, "", from, ends);
  }

  /** A replica applies what its source wrote. */
  static String streamed(String node, long seq, long tNs, String source, long from, long... ends) {
    return moved("Streamed", node, seq, tNs, source, from, ends);
  }

  private static String moved(
      String type, String node, long seq, long tNs, String source, long from, long... ends) {
    long to = ends[ends.length - 1];
    String event =
        "{\"type\":\"" + type + "\",\"to\":" + to + ",\"ends\":" + Arrays.toString(ends) + "}";
    return line(node, seq, tNs, event, from, to, source);
  }

  private static String line(
      String node, long seq, long tNs, String event, long before, long after, String source) {
    return String.format(
        Locale.ROOT,
        "{\"v\":1,\"node\":\"%s\",\"seq\":%d,\"t_ns\":%d,\"machine\":\"replication\","
            + "\"event\":%s,\"before\":%s,\"after\":%s,\"effects\":[]}",
        node,
        seq,
        tNs,
        event,
        view(before, source),
        view(after, source));
  }

  private static String view(long offset, String source) {
    return String.format(
        Locale.ROOT,
        "{\"replid\":\"%s\",\"replid2\":\"%s\",\"secondOffset\":-1,\"backlogFirst\":1,"
            + "\"offset\":%d,\"source\":\"%s\",\"master\":%s}",
        "a".repeat(40),
        "0".repeat(40),
        offset,
        source,
        source.isEmpty());
  }
}
