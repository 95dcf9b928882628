package io.watchword.sentinel.raft;

import io.watchword.sentinel.core.Address;
import io.watchword.sentinel.core.Entry;
import io.watchword.sentinel.core.MasterConfig;
import io.watchword.sentinel.core.Member;
import io.watchword.sentinel.core.Report;
import java.util.TreeMap;

/**
 * Entries to bytes and back. One line of {@link #encode} and one of {@link #decode} for each kind;
 * a test walks {@code Entry.class.getPermittedSubclasses()}, so a forgotten one is found.
 *
 * <p>JRaft keeps a checksum beside each entry, so none is added here.
 */
public final class EntryCodec {
  private static final int FOUNDED = 1;
  private static final int JOINED = 2;
  private static final int MONITORED = 3;
  private static final int REPLICA_FOUND = 4;
  private static final int REPLICA_FORGOTTEN = 5;
  private static final int VOTE = 6;
  private static final int VOTE_EXPIRED = 7;
  private static final int BEGIN_FAILOVER = 8;
  private static final int PROMOTE = 9;
  private static final int PROMOTION_REFUSED = 10;
  private static final int FAILOVER_ASKED = 11;
  private static final int HAND_OVER_FORCED = 12;
  private static final ProtostuffCodec<WireEntry> CODEC = new ProtostuffCodec<>(WireEntry.class);

  private EntryCodec() {}

  /** The bytes of an entry. */
  public static byte[] encode(Entry entry) {
    WireEntry w = new WireEntry();
    w.format = Entry.FORMAT;
    if (entry instanceof Entry.Founded e) {
      w.op = FOUNDED;
      w.group = e.group();
    } else if (entry instanceof Entry.Joined e) {
      w.op = JOINED;
      putMember(w, e.member());
    } else if (entry instanceof Entry.Monitored e) {
      put(w, MONITORED, e.name(), 0, e.master());
      putConfig(w, e.config());
    } else if (entry instanceof Entry.ReplicaFound e) {
      put(w, REPLICA_FOUND, e.name(), e.epoch(), e.node());
    } else if (entry instanceof Entry.ReplicaForgotten e) {
      put(w, REPLICA_FORGOTTEN, e.name(), e.epoch(), e.node());
    } else if (entry instanceof Entry.Vote e) {
      put(w, VOTE, e.name(), 0, e.node());
      putSentinel(w, e.sentinel(), e.incarnation());
      w.down = e.down();
    } else {
      encodeFailover(w, entry);
    }
    return CODEC.encode(w);
  }

  private static void encodeFailover(WireEntry w, Entry entry) {
    if (entry instanceof Entry.VoteExpired e) {
      w.op = VOTE_EXPIRED;
      w.name = e.name();
      putSentinel(w, e.sentinel(), e.incarnation());
    } else if (entry instanceof Entry.BeginFailover e) {
      put(w, BEGIN_FAILOVER, e.name(), e.sawEpoch(), e.master());
      w.votes.putAll(e.votes());
    } else if (entry instanceof Entry.Promote e) {
      put(w, PROMOTE, e.name(), e.epoch(), e.node());
      w.dataEpoch = e.report().dataEpoch();
      w.replid = e.report().replid();
      w.offset = e.report().offset();
    } else if (entry instanceof Entry.PromotionRefused e) {
      put(w, PROMOTION_REFUSED, e.name(), e.epoch(), e.node());
    } else if (entry instanceof Entry.FailoverAsked e) {
      put(w, FAILOVER_ASKED, e.name(), e.sawEpoch(), e.master());
      putSentinel(w, e.sentinel(), e.incarnation());
      w.forced = e.forced();
      w.ticket = e.ticket();
    } else if (entry instanceof Entry.HandOverForced e) {
      w.op = HAND_OVER_FORCED;
      w.name = e.name();
      w.epoch = e.epoch();
      putSentinel(w, e.sentinel(), e.incarnation());
      w.ticket = e.ticket();
    } else {
      throw new IllegalStateException("no operation code for " + entry.getClass());
    }
  }

  /**
   * The entry of some bytes.
   *
   * @throws IllegalArgumentException when they are of a newer program, or damaged
   */
  public static Entry decode(byte[] bytes) {
    WireEntry w;
    try {
      w = CODEC.decode(bytes);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("an entry of " + bytes.length + " bytes is damaged", e);
    }
    if (w.format != Entry.FORMAT) {
      throw new IllegalArgumentException(
          "an entry of format " + w.format + "; this program knows " + Entry.FORMAT);
    }
    return decode(w);
  }

  private static Entry decode(WireEntry w) {
    return switch (w.op) {
      case FOUNDED -> new Entry.Founded(need(w.group));
      case JOINED ->
          new Entry.Joined(
              new Member(need(w.sentinel), w.incarnation, address(w), need(w.raftPeer)));
      case MONITORED -> new Entry.Monitored(need(w.name), address(w), config(w));
      case REPLICA_FOUND -> new Entry.ReplicaFound(need(w.name), w.epoch, address(w));
      case REPLICA_FORGOTTEN -> new Entry.ReplicaForgotten(need(w.name), w.epoch, address(w));
      case VOTE ->
          new Entry.Vote(need(w.name), need(w.sentinel), w.incarnation, address(w), w.down);
      case VOTE_EXPIRED -> new Entry.VoteExpired(need(w.name), need(w.sentinel), w.incarnation);
      case BEGIN_FAILOVER ->
          new Entry.BeginFailover(need(w.name), w.epoch, address(w), new TreeMap<>(w.votes));
      case PROMOTE ->
          new Entry.Promote(
              need(w.name), w.epoch, address(w), new Report(w.dataEpoch, need(w.replid), w.offset));
      case PROMOTION_REFUSED -> new Entry.PromotionRefused(need(w.name), w.epoch, address(w));
      case FAILOVER_ASKED ->
          new Entry.FailoverAsked(
              need(w.name),
              w.epoch,
              address(w),
              w.forced,
              need(w.sentinel),
              w.incarnation,
              w.ticket);
      case HAND_OVER_FORCED ->
          new Entry.HandOverForced(
              need(w.name), w.epoch, need(w.sentinel), w.incarnation, w.ticket);
      default -> throw new IllegalArgumentException("an entry with operation code " + w.op);
    };
  }

  private static void put(WireEntry w, int op, String name, long epoch, Address node) {
    w.op = op;
    w.name = name;
    w.epoch = epoch;
    w.host = node.host();
    w.port = node.port();
  }

  private static void putSentinel(WireEntry w, String sentinel, long incarnation) {
    w.sentinel = sentinel;
    w.incarnation = incarnation;
  }

  private static void putMember(WireEntry w, Member m) {
    putSentinel(w, m.id(), m.incarnation());
    w.host = m.api().host();
    w.port = m.api().port();
    w.raftPeer = m.raftPeer();
  }

  private static void putConfig(WireEntry w, MasterConfig c) {
    w.quorum = c.quorum();
    w.downAfterMs = c.downAfterMs();
    w.failoverTimeoutMs = c.failoverTimeoutMs();
    w.parallelSyncs = c.parallelSyncs();
  }

  private static Address address(WireEntry w) {
    return new Address(need(w.host), w.port);
  }

  /** The state's maps are sorted, and an entry without a key would end every sentinel. */
  private static String need(String field) {
    if (field == null) {
      throw new IllegalArgumentException("an entry lacks a name it needs");
    }
    return field;
  }

  private static MasterConfig config(WireEntry w) {
    return new MasterConfig(w.quorum, w.downAfterMs, w.failoverTimeoutMs, w.parallelSyncs);
  }
}
