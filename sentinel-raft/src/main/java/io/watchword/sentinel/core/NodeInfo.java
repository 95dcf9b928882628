package io.watchword.sentinel.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What INFO of a data node says, as far as sentinels care. Missing fields take the values that make
 * a node least eligible, never a better one.
 *
 * @param watchword whether the node is one of ours and takes orders with epochs
 * @param epoch the epoch it obeys; 0 on stock Redis
 * @param source the master it follows, when it is a replica
 * @param linkUp whether its link to that master is up
 * @param linkDownMs how long that link has been down; 0 when up
 * @param confirmed false on a master of ours that was restarted and that nobody has named since
 * @param refusesSync whether it refuses to copy its master, which came back without data
 * @param priority its replica-priority; 0 means never promote
 * @param offset bytes of its history it has applied
 * @param replicas the replicas it lists
 */
public record NodeInfo(
    String runId,
    boolean watchword,
    boolean isMaster,
    long epoch,
    Optional<Address> source,
    boolean linkUp,
    long linkDownMs,
    boolean confirmed,
    boolean refusesSync,
    int priority,
    boolean announced,
    String replid,
    long offset,
    List<Address> replicas) {
  /** Reads the text of INFO. Lines that are not {@code name:value} are passed over. */
  public static NodeInfo parse(String text) {
    Map<String, String> fields = new TreeMap<>();
    List<Address> replicas = new ArrayList<>();
    for (String line : text.split("\r?\n")) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        String name = line.substring(0, colon);
        String value = line.substring(colon + 1);
        fields.put(name, value);
        if (name.matches("slave\\d+")) {
          replica(value).ifPresent(replicas::add);
        }
      }
    }
    return of(fields, replicas);
  }

  /** What this node reports as held, for the choice of a new master. */
  public Report report() {
    return new Report(0, replid, offset);
  }

  private static NodeInfo of(Map<String, String> fields, List<Address> replicas) {
    boolean isMaster = !"slave".equals(fields.get("role"));
    return new NodeInfo(
        fields.getOrDefault("run_id", ""),
        fields.containsKey("watchword_version"),
        isMaster,
        number(fields, "watchword_epoch", 0),
        source(fields),
        "up".equals(fields.get("master_link_status")),
        Math.max(0, number(fields, "master_link_down_since_seconds", 0)) * 1000,
        !"0".equals(fields.get("watchword_confirmed")),
        "1".equals(fields.get("watchword_sync_refused")),
        (int) number(fields, "slave_priority", 100),
        !"0".equals(fields.get("replica_announced")),
        fields.getOrDefault("master_replid", ""),
        number(fields, isMaster ? "master_repl_offset" : "slave_repl_offset", 0),
        List.copyOf(replicas));
  }

  private static Optional<Address> source(Map<String, String> fields) {
    String host = fields.get("master_host");
    try {
      return host == null
          ? Optional.empty()
          : Optional.of(Address.of(host, fields.getOrDefault("master_port", "")));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** {@code ip=127.0.0.1,port=6380,state=online,...} */
  private static Optional<Address> replica(String value) {
    Map<String, String> parts = new TreeMap<>();
    for (String part : value.split(",")) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        parts.put(part.substring(0, equals).toLowerCase(Locale.ROOT), part.substring(equals + 1));
      }
    }
    try {
      return Optional.of(Address.of(parts.getOrDefault("ip", ""), parts.getOrDefault("port", "")))
          .filter(a -> !a.host().isEmpty());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static long number(Map<String, String> fields, String name, long otherwise) {
    try {
      return Long.parseLong(fields.getOrDefault(name, ""));
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }
}
