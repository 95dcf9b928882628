package io.watchword.sentinel.raft;

import io.protostuff.Tag;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The encoded form of a whole state; its version stands before it, see {@link Snapshots}. Tags are
 * never re-used; 1 was the format.
 */
final class WireState {
  @Tag(2)
  long index;

  @Tag(3)
  String group;

  @Tag(4)
  List<WireMember> sentinels = new ArrayList<>();

  @Tag(5)
  List<WireMaster> masters = new ArrayList<>();

  /** One sentinel. */
  static final class WireMember {
    @Tag(1)
    String id;

    @Tag(2)
    long incarnation;

    @Tag(3)
    String api;

    @Tag(4)
    String raftPeer;
  }

  /** One master. */
  static final class WireMaster {
    @Tag(1)
    String name;

    @Tag(2)
    int quorum;

    @Tag(3)
    long downAfterMs;

    @Tag(4)
    long failoverTimeoutMs;

    @Tag(5)
    int parallelSyncs;

    @Tag(6)
    long epoch;

    @Tag(7)
    String master;

    @Tag(8)
    List<String> replicas = new ArrayList<>();

    @Tag(9)
    Map<String, Long> votes = new LinkedHashMap<>();

    @Tag(10)
    long failoverEpoch;

    @Tag(11)
    String failoverOld;

    @Tag(12)
    boolean reported;

    @Tag(13)
    long dataEpoch;

    @Tag(14)
    String replid;

    @Tag(15)
    long offset;

    @Tag(16)
    boolean failoverCoordinated;
  }
}
