package io.watchword.sentinel.raft;

import io.protostuff.Tag;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The encoded form of every entry: an operation code and the union of all fields. Tags are never
 * re-used, for logs outlive programs; a field that an operation does not use stays empty.
 */
final class WireEntry {
  @Tag(1)
  int format;

  @Tag(2)
  int op;

  @Tag(3)
  String name;

  @Tag(4)
  String host;

  @Tag(5)
  int port;

  @Tag(6)
  long epoch;

  @Tag(7)
  String sentinel;

  @Tag(8)
  long incarnation;

  @Tag(9)
  boolean down;

  @Tag(10)
  String raftPeer;

  @Tag(11)
  int quorum;

  @Tag(12)
  long downAfterMs;

  @Tag(13)
  long failoverTimeoutMs;

  @Tag(14)
  int parallelSyncs;

  @Tag(15)
  Map<String, Long> votes = new LinkedHashMap<>();

  @Tag(16)
  long dataEpoch;

  @Tag(17)
  String replid;

  @Tag(18)
  long offset;

  @Tag(19)
  String group;

  @Tag(20)
  boolean forced;

  @Tag(21)
  long ticket;
}
