package io.watchword.authority;

import java.util.List;

/** What a data node replies to an order. */
public sealed interface Answer {
  /** {@code +OK}. */
  record Done() implements Answer {}

  /** To BEAT. */
  record Beating(String nonce, long epoch, boolean master, long offset) implements Answer {}

  /** To FENCE: what the node holds. The durable offset is 0 while nothing is fsynced. */
  record Report(
      long dataEpoch, String replid, long offset, long durableOffset, List<String> members)
      implements Answer {}

  /** {@code -STALEEPOCH held}: a higher epoch was promised. */
  record Stale(long held) implements Answer {}

  /** {@code -FOREIGN group}: the node belongs to that group, {@code none} for nobody. */
  record Foreign(String group) implements Answer {}

  /** {@code -LOADING}: a snapshot is taking the place of the data; the order is to be repeated. */
  record Loading() implements Answer {}

  /** {@code -LACKING why}: the node has not the data that the order presumes. */
  record Lacking(String why) implements Answer {}

  /** {@code -ERR why}. */
  record Refused(String why) implements Answer {}
}
