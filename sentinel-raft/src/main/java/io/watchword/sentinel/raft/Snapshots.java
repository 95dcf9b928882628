package io.watchword.sentinel.raft;

import io.watchword.sentinel.core.Address;
import io.watchword.sentinel.core.Entry;
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
 *   "WWSNAP01"  8 bytes    length  4 bytes    WireState as Protostuff    CRC32C of all before  4
 * </pre>
 *
 * <p>Numbers are big-endian. The checksum is verified before anything is decoded.
 */
public final class Snapshots {
  private static final byte[] MAGIC = {'W', 'W', 'S', 'N', 'A', 'P', '0', '1'};
  private static final ProtostuffCodec<WireState> CODEC = new ProtostuffCodec<>(WireState.class);

  /** A state and the index of the last entry in it. */
  public record Snapshot(long index, SentinelState state) {}

  private Snapshots() {}

  /** The bytes of a snapshot. */
  public static byte[] encode(Snapshot snapshot) {
    byte[] body = CODEC.encode(wire(snapshot));
    ByteBuffer out = ByteBuffer.allocate(MAGIC.length + 4 + body.length + 4);
    out.put(MAGIC).putInt(body.length).put(body);
    out.putInt(checksum(out.array(), out.position()));
    return out.array();
  }

  /**
   * The snapshot of some bytes.
   *
   * @throws IOException when they are damaged or of another format
   */
  public static Snapshot decode(byte[] bytes) throws IOException {
    if (bytes.length < MAGIC.length + 8) {
      throw new IOException("a snapshot of " + bytes.length + " bytes is cut short");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    byte[] magic = new byte[MAGIC.length];
    in.get(magic);
    int length = in.getInt();
    boolean whole = length == bytes.length - MAGIC.length - 8;
    if (!java.util.Arrays.equals(magic, MAGIC) || !whole) {
      throw new IOException("not a snapshot of this program, or cut short");
    }
    if (in.getInt(bytes.length - 4) != checksum(bytes, bytes.length - 4)) {
      throw new IOException("the checksum of the snapshot is wrong");
    }
    byte[] body = new byte[length];
    in.get(body);
    return snapshot(CODEC.decode(body));
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private static WireState wire(Snapshot s) {
    WireState w = new WireState();
    w.format = Entry.FORMAT;
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

  private static Snapshot snapshot(WireState w) throws IOException {
    if (w.format != Entry.FORMAT) {
      throw new IOException(
          "a snapshot of format " + w.format + "; this program knows " + Entry.FORMAT);
    }
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
