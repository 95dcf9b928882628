package io.watchword.sentinel.raft;

import io.watchword.sentinel.core.Address;
import io.watchword.sentinel.core.Failover;
import io.watchword.sentinel.core.MasterConfig;
import io.watchword.sentinel.core.MasterState;
import io.watchword.sentinel.core.Member;
import io.watchword.sentinel.core.Report;
import io.watchword.sentinel.core.SentinelState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * A snapshot of the state, which lets JRaft drop the log before it.
 *
 * <pre>
 *   8 bytes  magic "WWSNAPS\n"
 *   4 bytes  version, 1; numbers are big-endian
 *   4 bytes  length of the body
 *   body     {@link WireState} as Protostuff
 *   4 bytes  CRC32C of everything before
 * </pre>
 *
 * <p>The version covers everything after it, so it is looked at before the checksum, and both
 * before anything is decoded. What is of another version or damaged is an error and never taken for
 * none: a sentinel that began anew would have forgotten which epochs were given out. Snapshots of
 * the development builds before version 1 ("WWSNAP01") are refused like any other file.
 */
public final class Snapshots {
  private static final long MAGIC = 0x5757_534E_4150_530AL;
  private static final int VERSION = 1;
  private static final int HEAD_BYTES = 16;
  private static final int CHECKSUM_BYTES = 4;
  private static final ProtostuffCodec<WireState> CODEC = new ProtostuffCodec<>(WireState.class);

  /** A state and the index of the last entry in it. */
  public record Snapshot(long index, SentinelState state) {}

  private Snapshots() {}

  /** The bytes of a snapshot. */
  public static byte[] encode(Snapshot snapshot) {
    return framed(VERSION, CODEC.encode(wire(snapshot)));
  }

  /** A test gives another version, or a body that is none. */
  static byte[] framed(int version, byte[] body) {
    ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES + body.length + CHECKSUM_BYTES);
    out.putLong(MAGIC).putInt(version).putInt(body.length).put(body);
    out.putInt(checksum(out.array(), out.position()));
    return out.array();
  }

  /**
   * The snapshot of some bytes.
   *
   * @throws IOException when they are damaged or of another version, saying which
   */
  public static Snapshot decode(byte[] bytes) throws IOException {
    if (bytes.length < HEAD_BYTES + CHECKSUM_BYTES) {
      throw new IOException("it is cut short: " + bytes.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.getLong() != MAGIC) {
      throw new IOException("it does not begin as such a file does");
    }
    int version = in.getInt();
    if (version != VERSION) {
      throw new IOException("it has version " + version + ", this sentinel reads " + VERSION);
    }
    int length = in.getInt();
    int whole = bytes.length - HEAD_BYTES - CHECKSUM_BYTES;
    if (length != whole) {
      throw new IOException("it is cut short: " + whole + " bytes of " + length);
    }
    if (in.getInt(bytes.length - CHECKSUM_BYTES) != checksum(bytes, HEAD_BYTES + length)) {
      throw new IOException("it is damaged: its checksum does not fit");
    }
    byte[] body = new byte[length];
    in.get(body);
    try {
      return snapshot(CODEC.decode(body));
    } catch (RuntimeException e) {
      throw new IOException("its checksum fits, but it holds no state: " + e.getMessage(), e);
    }
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private static WireState wire(Snapshot s) {
    WireState w = new WireState();
    w.index = s.index();
    w.group = s.state().group();
    for (Member m : s.state().sentinels().values()) {
      WireState.WireMember out = new WireState.WireMember();
      out.id = m.id();
      out.incarnation = m.incarnation();
      out.api = m.api().toString();
      out.raftPeer = m.raftPeer();
      w.sentinels.add(out);
    }
    for (MasterState m : s.state().masters().values()) {
      w.masters.add(wire(m));
    }
    return w;
  }

  private static WireState.WireMaster wire(MasterState m) {
    WireState.WireMaster w = new WireState.WireMaster();
    w.name = m.name();
    w.quorum = m.config().quorum();
    w.downAfterMs = m.config().downAfterMs();
    w.failoverTimeoutMs = m.config().failoverTimeoutMs();
    w.parallelSyncs = m.config().parallelSyncs();
    w.epoch = m.epoch();
    w.master = m.master().toString();
    for (Address replica : m.replicas()) {
      w.replicas.add(replica.toString());
    }
    w.votes.putAll(m.votes());
    m.failover()
        .ifPresent(
            f -> {
              w.failoverEpoch = f.epoch();
              w.failoverOld = f.old().toString();
              w.failoverCoordinated = f.coordinated();
            });
    m.report()
        .ifPresent(
            r -> {
              w.reported = true;
              w.dataEpoch = r.dataEpoch();
              w.replid = r.replid();
              w.offset = r.offset();
            });
    return w;
  }

  private static Snapshot snapshot(WireState w) {
    SortedMap<String, Member> sentinels = new TreeMap<>();
    for (WireState.WireMember m : w.sentinels) {
      Address api = Address.parse(m.api);
      sentinels.put(m.id, new Member(m.id, m.incarnation, api, m.raftPeer));
    }
    SortedMap<String, MasterState> masters = new TreeMap<>();
    for (WireState.WireMaster m : w.masters) {
      masters.put(m.name, master(m));
    }
    return new Snapshot(w.index, new SentinelState(w.group, sentinels, masters));
  }

  private static MasterState master(WireState.WireMaster w) {
    SortedSet<Address> replicas = new TreeSet<>();
    for (String replica : w.replicas) {
      replicas.add(Address.parse(replica));
    }
    Optional<Failover> failover =
        w.failoverOld == null
            ? Optional.empty()
            : Optional.of(
                new Failover(w.failoverEpoch, Address.parse(w.failoverOld), w.failoverCoordinated));
    Optional<Report> report =
        w.reported ? Optional.of(new Report(w.dataEpoch, w.replid, w.offset)) : Optional.empty();
    return new MasterState(
        w.name,
        new MasterConfig(w.quorum, w.downAfterMs, w.failoverTimeoutMs, w.parallelSyncs),
        w.epoch,
        Address.parse(w.master),
        replicas,
        new TreeMap<>(w.votes),
        failover,
        report);
  }
}
