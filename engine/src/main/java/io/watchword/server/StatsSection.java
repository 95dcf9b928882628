package io.watchword.server;

import io.watchword.command.Stats;
import io.watchword.command.pubsub.Subscribers;
import java.util.List;
import java.util.function.Supplier;

/** INFO stats. What replication counts it says itself. */
public final class StatsSection implements InfoSection {
  private final Stats stats;
  private final Subscribers subscribers;
  private final Rates commands = new Rates();
  private final Rates input = new Rates();
  private final Rates output = new Rates();
  private Supplier<Syncs> syncs = () -> new Syncs(0, 0, 0, 0, 0);

  StatsSection(Stats stats, Subscribers subscribers) {
    this.stats = stats;
    this.subscribers = subscribers;
  }

  /**
   * What replication counts.
   *
   * @param full full syncs served
   * @param partialOk partial syncs served
   * @param partialErr partial syncs refused
   * @param inputBytes bytes of the stream received
   * @param outputBytes bytes of the stream sent
   */
  public record Syncs(
      long full, long partialOk, long partialErr, long inputBytes, long outputBytes) {}

  /** Lets replication answer for its fields. */
  public void syncs(Supplier<Syncs> source) {
    syncs = source;
  }

  /** Takes the samples behind the rates. */
  void sample(long nowMs) {
    commands.sample(nowMs, stats.commands);
    input.sample(nowMs, stats.inputBytes);
    output.sample(nowMs, stats.outputBytes);
  }

  @Override
  public String title() {
    return "Stats";
  }

  @Override
  public List<String> lines() {
    Lines lines = new Lines();
    traffic(lines);
    Syncs counted = syncs.get();
    lines
        .add("rejected_connections", stats.rejectedConnections)
        .add("sync_full", counted.full())
        .add("sync_partial_ok", counted.partialOk())
        .add("sync_partial_err", counted.partialErr())
        .add("expired_keys", stats.expiredKeys)
        .fraction("expired_stale_perc", 2, 0)
        .zeros("expired_time_cap_reached_count", "expire_cycle_cpu_milliseconds")
        .zeros("evicted_keys", "evicted_clients", "total_eviction_exceeded_time")
        .zeros("current_eviction_exceeded_time")
        .add("keyspace_hits", stats.keyspaceHits)
        .add("keyspace_misses", stats.keyspaceMisses)
        .add("pubsub_channels", subscribers.channels())
        .add("pubsub_patterns", subscribers.patterns())
        .zeros("pubsubshard_channels", "latest_fork_usec", "total_forks")
        .zeros("migrate_cached_sockets", "slave_expires_tracked_keys")
        .zeros("active_defrag_hits", "active_defrag_misses", "active_defrag_key_hits")
        .zeros("active_defrag_key_misses", "total_active_defrag_time")
        .zeros("current_active_defrag_time", "tracking_total_keys", "tracking_total_items")
        .zeros("tracking_total_prefixes", "unexpected_error_replies")
        .add("total_error_replies", stats.errors)
        .zeros("dump_payload_sanitizations")
        .add("total_reads_processed", stats.reads)
        .add("total_writes_processed", stats.writes)
        .zeros("io_threaded_reads_processed", "io_threaded_writes_processed")
        .zeros("reply_buffer_shrinks", "reply_buffer_expands")
        .zeros("acl_access_denied_auth", "acl_access_denied_cmd", "acl_access_denied_key")
        .zeros("acl_access_denied_channel");
    return lines.done();
  }

  private void traffic(Lines lines) {
    Syncs counted = syncs.get();
    lines
        .add("total_connections_received", stats.connections)
        .add("total_commands_processed", stats.commands)
        .add("instantaneous_ops_per_sec", Math.round(commands.perSecond()))
        .add("total_net_input_bytes", stats.inputBytes)
        .add("total_net_output_bytes", stats.outputBytes)
        .add("total_net_repl_input_bytes", counted.inputBytes())
        .add("total_net_repl_output_bytes", counted.outputBytes())
        .fraction("instantaneous_input_kbps", 2, input.perSecond() / 1024)
        .fraction("instantaneous_output_kbps", 2, output.perSecond() / 1024)
        .fraction("instantaneous_input_repl_kbps", 2, 0)
        .fraction("instantaneous_output_repl_kbps", 2, 0);
  }
}
