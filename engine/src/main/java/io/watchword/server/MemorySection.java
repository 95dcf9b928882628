package io.watchword.server;

import io.watchword.command.Client;
import io.watchword.command.Clients;
import io.watchword.keyspace.Keyspace;
import io.watchword.sys.Host;
import java.util.List;
import java.util.Locale;

/**
 * INFO memory. {@code used_memory} is exact for what clients store (keys, values, tables) and adds
 * the buffers of connections; the rest of the Java heap is ours alone to name, in the fields at the
 * end.
 */
final class MemorySection implements InfoSection {
  private final Keyspace keyspace;
  private final Clients clients;
  private final Host host;
  private long peakBytes;

  MemorySection(Keyspace keyspace, Clients clients, Host host) {
    this.keyspace = keyspace;
    this.clients = clients;
    this.host = host;
  }

  /** Notes how much is in use, for the peak. */
  void sample() {
    peakBytes = Math.max(peakBytes, keyspace.usedBytes() + clientBytes(Client.Kind.NORMAL));
  }

  /** Forgets the peak, as CONFIG RESETSTAT does. */
  void reset() {
    peakBytes = 0;
  }

  private long clientBytes(Client.Kind kind) {
    long bytes = 0;
    for (Client client : clients.all()) {
      if (client.kind == kind) {
        bytes += client.heldBytes + client.out.array().length + client.peer.pendingBytes();
      }
    }
    return bytes;
  }

  @Override
  public String title() {
    return "Memory";
  }

  @Override
  public List<String> lines() {
    sample();
    long dataset = keyspace.usedBytes();
    long buffers = clientBytes(Client.Kind.NORMAL);
    long used = dataset + buffers;
    long resident = host.residentBytes();
    Lines lines =
        new Lines()
            .size("used_memory", used)
            .size("used_memory_rss", resident)
            .size("used_memory_peak", peakBytes)
            .add("used_memory_peak_perc", percent(used, peakBytes))
            .add("used_memory_overhead", buffers)
            .add("used_memory_startup", 0)
            .add("used_memory_dataset", dataset)
            .add("used_memory_dataset_perc", percent(dataset, used))
            .add("allocator_allocated", dataset)
            .add("allocator_active", keyspace.reservedBytes())
            .add("allocator_resident", keyspace.reservedBytes())
            .size("total_system_memory", host.totalBytes());
    scripts(lines);
    limits(lines);
    fragmentation(lines, dataset, used, resident);
    lines
        .zeros("mem_not_counted_for_evict", "mem_replication_backlog")
        .zeros("mem_total_replication_buffers")
        .add("mem_clients_slaves", clientBytes(Client.Kind.REPLICA))
        .add("mem_clients_normal", buffers)
        .zeros("mem_cluster_links", "mem_aof_buffer")
        .add("mem_allocator", "pages")
        .zeros("active_defrag_running", "lazyfree_pending_objects", "lazyfreed_objects")
        .add("watchword_heap_used", host.heapBytes());
    return lines.done();
  }

  private static void scripts(Lines lines) {
    lines
        .zeros("used_memory_lua", "used_memory_vm_eval")
        .add("used_memory_lua_human", "0B")
        .zeros("used_memory_scripts_eval", "number_of_cached_scripts", "number_of_functions")
        .zeros("number_of_libraries", "used_memory_vm_functions", "used_memory_vm_total")
        .add("used_memory_vm_total_human", "0B")
        .zeros("used_memory_functions", "used_memory_scripts")
        .add("used_memory_scripts_human", "0B");
  }

  private static void limits(Lines lines) {
    lines.add("maxmemory", 0).add("maxmemory_human", "0B").add("maxmemory_policy", "noeviction");
  }

  private void fragmentation(Lines lines, long dataset, long used, long resident) {
    long reserved = keyspace.reservedBytes();
    lines
        .fraction("allocator_frag_ratio", 2, ratio(reserved, dataset))
        .add("allocator_frag_bytes", Math.max(0, reserved - dataset))
        .fraction("allocator_rss_ratio", 2, 1)
        .add("allocator_rss_bytes", 0)
        .fraction("rss_overhead_ratio", 2, ratio(resident, reserved))
        .add("rss_overhead_bytes", resident - reserved)
        .fraction("mem_fragmentation_ratio", 2, ratio(resident, used))
        .add("mem_fragmentation_bytes", resident - used);
  }

  private static double ratio(long one, long other) {
    return other == 0 ? 0 : (double) one / other;
  }

  private static String percent(long part, long whole) {
    return String.format(Locale.ROOT, "%.2f%%", 100 * ratio(part, whole));
  }
}
