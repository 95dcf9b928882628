package io.watchword.replication;

import io.watchword.replication.ReplicaLink.Phase;
import io.watchword.resp.RespWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What INFO, ROLE and a snapshot's head say about a node, in Redis's words; a look at one moment.
 */
public final class ReplicationStatus {
  private final Replication replication;
  private final ReplicaLink link;
  private final Backlog backlog;
  private final long nowMs;

  ReplicationStatus(Replication replication, ReplicaLink link, Backlog backlog, long nowMs) {
    this.replication = replication;
    this.link = link;
    this.backlog = backlog;
    this.nowMs = nowMs;
  }

  /** The role. */
  public Role role() {
    return replication.role();
  }

  /** The history; saved with a snapshot when {@link #isWorthSaving}. */
  public History history() {
    return replication.history();
  }

  /** Whether the history names data that another node could hold a part of. */
  public boolean isWorthSaving() {
    return backlog.isOn() && (role() == Role.MASTER || replication.isResumable());
  }

  /** Database that the stream has selected at the offset. */
  public int streamDb() {
    return replication.db();
  }

  /** Epoch of the last barrier that was applied. */
  public long epoch() {
    return replication.epoch();
  }

  /** Whether a replica's link to its master stands and the stream is applied; true on a master. */
  public boolean isLinkUp() {
    return role() == Role.MASTER || replication.isAttached();
  }

  /** The master's host, or empty. */
  public String masterHost() {
    return replication.masterHost();
  }

  /** The master's port, or 0. */
  public int masterPort() {
    return replication.masterPort();
  }

  /** How many replicas this node has, whatever their state. */
  public int replicas() {
    return replication.replicas().all().size();
  }

  /** The replicas that have not confirmed so much, each in the words of Redis's log. */
  public List<String> lagging(long offset) {
    List<String> lines = new ArrayList<>();
    for (Replica r : replication.replicas().all()) {
      if (r.state != Replica.State.ONLINE || r.acked < offset) {
        lines.add(
            "Lagging replica "
                + r.name()
                + " reported offset "
                + (offset - r.acked)
                + " behind master, lag="
                + (nowMs - r.heardAt) / 1000
                + ", state="
                + r.state.word()
                + ".");
      }
    }
    return lines;
  }

  /**
   * The lines of INFO's section, in Redis 7's order.
   *
   * @param settings what the directives say
   */
  public List<String> info(InfoSettings settings) {
    List<String> lines = new ArrayList<>();
    lines.add("role:" + role().word());
    if (role() == Role.REPLICA) {
      replicaLines(lines, settings);
    }
    lines.add("connected_slaves:" + replication.replicas().all().size());
    int n = 0;
    for (Replica r : replication.replicas().all()) {
      long lagSeconds = r.state == Replica.State.ONLINE ? (nowMs - r.heardAt) / 1000 : 0;
      lines.add(
          "slave"
              + n++
              + ":ip="
              + r.ip
              + ",port="
              + r.port
              + ",state="
              + r.state.word()
              + ",offset="
              + r.acked
              + ",lag="
              + lagSeconds);
    }
    lines.add("master_failover_state:no-failover");
    History history = history();
    lines.add("master_replid:" + history.replid());
    lines.add("master_replid2:" + history.replid2());
    lines.add("master_repl_offset:" + history.offset());
    lines.add("second_repl_offset:" + history.secondOffset());
    lines.add("repl_backlog_active:" + (backlog.isOn() ? 1 : 0));
    lines.add("repl_backlog_size:" + settings.backlogBytes());
    lines.add("repl_backlog_first_byte_offset:" + (backlog.isOn() ? backlog.first() : 0));
    lines.add("repl_backlog_histlen:" + (backlog.isOn() ? backlog.length() : 0));
    if (role() == Role.REPLICA) {
      lines.add("watchword_sync_refused:" + (link.isRefusing() ? 1 : 0));
    }
    lines.add("watchword_epoch:" + settings.promisedEpoch());
    lines.add("watchword_data_epoch:" + epoch());
    lines.add("watchword_confirmed:" + (settings.confirmed() ? 1 : 0));
    return lines;
  }

  /**
   * Directives that INFO prints.
   *
   * @param priority {@code replica-priority}
   * @param announced {@code replica-announced}
   * @param promisedEpoch highest epoch promised to a sentinel group
   * @param confirmed false on a master that was restarted and that its group has not named since
   */
  public record InfoSettings(
      int priority,
      boolean readOnly,
      boolean announced,
      long backlogBytes,
      long promisedEpoch,
      boolean confirmed) {}

  private void replicaLines(List<String> lines, InfoSettings settings) {
    boolean up = replication.isAttached();
    boolean syncing = link.phase() == Phase.LOADING;
    lines.add("master_host:" + masterHost());
    lines.add("master_port:" + masterPort());
    lines.add("master_link_status:" + (up ? "up" : "down"));
    lines.add("master_last_io_seconds_ago:" + (up ? (nowMs - link.heardAt()) / 1000 : -1));
    lines.add("master_sync_in_progress:" + (syncing ? 1 : 0));
    lines.add("slave_read_repl_offset:" + history().offset());
    lines.add("slave_repl_offset:" + history().offset());
    if (syncing) {
      transferLines(lines);
    }
    if (!up) {
      lines.add("master_link_down_since_seconds:" + (nowMs - link.lostAt()) / 1000);
    }
    lines.add("slave_priority:" + settings.priority());
    lines.add("slave_read_only:" + (settings.readOnly() ? 1 : 0));
    lines.add("replica_announced:" + (settings.announced() ? 1 : 0));
  }

  private void transferLines(List<String> lines) {
    long total = link.payloadLength();
    long read = link.payloadBytes();
    double percent = total > 0 ? 100.0 * read / total : 0;
    lines.add("master_sync_total_bytes:" + Math.max(0, total));
    lines.add("master_sync_read_bytes:" + read);
    lines.add("master_sync_left_bytes:" + (total < 0 ? 0 : total - read));
    lines.add("master_sync_perc:" + String.format(Locale.ROOT, "%.2f", percent));
    lines.add("master_sync_last_io_seconds_ago:" + (nowMs - link.heardAt()) / 1000);
  }

  /** The answer to ROLE. */
  public void role(RespWriter reply) {
    if (role() == Role.MASTER) {
      reply.array(3);
      reply.bulk("master");
      reply.integer(history().offset());
      List<Replica> online = new ArrayList<>(replication.replicas().all());
      online.removeIf(replica -> replica.state != Replica.State.ONLINE);
      reply.array(online.size());
      for (Replica replica : online) {
        reply.array(3);
        reply.bulk(replica.ip);
        reply.bulk(Integer.toString(replica.port));
        reply.bulk(Long.toString(replica.acked));
      }
      return;
    }
    reply.array(5);
    reply.bulk("slave");
    reply.bulk(masterHost());
    reply.integer(masterPort());
    reply.bulk(linkWord());
    reply.integer(history().offset());
  }

  private String linkWord() {
    return switch (link.phase()) {
      case IDLE -> "connect";
      case CONNECTING -> "connecting";
      case GREETING, ASKING -> "handshake";
      case LOADING -> "sync";
      case STREAMING -> "connected";
    };
  }
}
