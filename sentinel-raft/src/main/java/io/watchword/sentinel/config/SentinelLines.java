package io.watchword.sentinel.config;

import io.watchword.config.BadValue;
import io.watchword.config.ConfigFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The lines {@code sentinel <what> ...} of a file, in any case. Errors are in Redis's words where
 * Redis has any. A statement whose feature is not built is refused unless it leaves it off.
 */
public final class SentinelLines implements ConfigFile.OtherLines {
  private static final int PORT_MAX = 65535;
  private static final int ELECTION_MS_MIN = 100;
  private static final int ELECTION_MS_MAX = 60_000;
  private static final String UNKNOWN = "Unrecognized sentinel configuration statement.";

  /** One statement: its name, the number of words after it, and what it does. */
  private record Statement(int words, Taker taker) {}

  private interface Taker {
    void take(List<String> args) throws BadValue;
  }

  private final Map<String, Statement> table = new LinkedHashMap<>();
  private final Map<String, MasterLines> masters = new LinkedHashMap<>();
  private final List<String> remarks = new ArrayList<>();
  private String announceIp = "";
  private int announcePort;
  private int raftPort;
  private List<String> raftPeers = List.of();
  private int electionTimeoutMs = 1000;
  private boolean resolvesHostnames;

  public SentinelLines() {
    put("monitor", 4, this::monitor);
    put(
        "down-after-milliseconds",
        2,
        a -> known(a).downAfterMs = positive(a.get(1), Long.MAX_VALUE / 4));
    put(
        "failover-timeout",
        2,
        a -> known(a).failoverTimeoutMs = positive(a.get(1), Long.MAX_VALUE / 4));
    put("parallel-syncs", 2, a -> known(a).parallelSyncs = (int) positive(a.get(1), 1_000_000));
    put("auth-pass", 2, a -> known(a).authPass = a.get(1));
    put("auth-user", 2, a -> known(a).authUser = a.get(1));
    put("announce-ip", 1, a -> announceIp = a.get(0));
    put("announce-port", 1, a -> announcePort = (int) within(a.get(0), 0, PORT_MAX));
    put("resolve-hostnames", 1, a -> resolvesHostnames = yes("resolve-hostnames", a.get(0)));
    put("raft-port", 1, a -> raftPort = (int) within(a.get(0), 1, PORT_MAX));
    put("raft-peers", 1, this::peers);
    put(
        "raft-election-timeout-ms",
        1,
        a -> electionTimeoutMs = (int) within(a.get(0), ELECTION_MS_MIN, ELECTION_MS_MAX));
    putNotBuilt();
    putState();
  }

  private void putNotBuilt() {
    put("deny-scripts-reconfig", 1, a -> only("deny-scripts-reconfig", a.get(0), "yes"));
    put("announce-hostnames", 1, a -> only("announce-hostnames", a.get(0), "no"));
    put("master-reboot-down-after-period", 2, a -> only("the reboot rule", a.get(1), "0"));
    put("notification-script", 2, a -> notBuilt("notification-script"));
    put("client-reconfig-script", 2, a -> notBuilt("client-reconfig-script"));
    put("rename-command", 3, a -> notBuilt("rename-command"));
    put("sentinel-user", 1, a -> notBuilt("sentinel-user"));
    put("sentinel-pass", 1, a -> notBuilt("sentinel-pass"));
  }

  /** What Redis Sentinel writes into its own file. Ours remember by their log. */
  private void putState() {
    Map<String, Integer> lines = new LinkedHashMap<>();
    lines.put("myid", 1);
    lines.put("current-epoch", 1);
    lines.put("config-epoch", 2);
    lines.put("leader-epoch", 2);
    lines.put("known-replica", 3);
    lines.put("known-slave", 3);
    lines.put("known-sentinel", 4);
    lines.forEach(
        (name, words) ->
            put(
                name,
                words,
                a ->
                    remarks.add(
                        "sentinel "
                            + name
                            + " is not read: what a sentinel learns is in its log, not its file")));
  }

  private void put(String name, int words, Taker taker) {
    table.put(name, new Statement(words, taker));
  }

  @Override
  public boolean take(List<String> words) throws BadValue {
    if (!words.get(0).toLowerCase(Locale.ROOT).equals("sentinel")) {
      return false;
    }
    if (words.size() < 2) {
      throw new BadValue(UNKNOWN);
    }
    Statement statement = table.get(words.get(1).toLowerCase(Locale.ROOT));
    List<String> args = words.subList(2, words.size());
    if (statement == null || args.size() != statement.words()) {
      throw new BadValue(UNKNOWN);
    }
    statement.taker().take(args);
    return true;
  }

  /** The masters in the order of the file. */
  public List<MasterLines> masters() {
    return List.copyOf(masters.values());
  }

  /** Lines that were read without effect, for the log. */
  public List<String> remarks() {
    return List.copyOf(remarks);
  }

  /** Address to announce; empty when none is given. */
  public String announceIp() {
    return announceIp;
  }

  /** Port to announce; 0 when none is given. */
  public int announcePort() {
    return announcePort;
  }

  /** 0 when none is given. */
  public int raftPort() {
    return raftPort;
  }

  /** host:port of all members; empty when none are given. */
  public List<String> raftPeers() {
    return raftPeers;
  }

  public int electionTimeoutMs() {
    return electionTimeoutMs;
  }

  /** Whether a host may be a name. */
  public boolean resolvesHostnames() {
    return resolvesHostnames;
  }

  private void monitor(List<String> a) throws BadValue {
    long quorum = number(a.get(3));
    if (quorum <= 0 || quorum > Integer.MAX_VALUE) {
      throw new BadValue("Quorum must be 1 or greater.");
    }
    long port = number(a.get(2));
    if (port <= 0 || port > PORT_MAX) {
      throw new BadValue("Invalid port number.");
    }
    if (!a.get(0).matches("[A-Za-z0-9._-]+")) {
      throw new BadValue("Invalid master name, it must be made of letters, digits, '.', '-', '_'");
    }
    MasterLines lines = new MasterLines(a.get(0), a.get(1), (int) port, (int) quorum);
    if (masters.putIfAbsent(lines.name, lines) != null) {
      throw new BadValue("Duplicate master name.");
    }
    if (masters.values().stream().anyMatch(m -> m != lines && m.isAt(a.get(1), (int) port))) {
      throw new BadValue("Another master is monitored at this address already.");
    }
  }

  private MasterLines known(List<String> a) throws BadValue {
    MasterLines lines = masters.get(a.get(0));
    if (lines == null) {
      throw new BadValue("No such master with specified name.");
    }
    return lines;
  }

  private void peers(List<String> a) throws BadValue {
    List<String> peers = List.of(a.get(0).split(",", -1));
    for (String peer : peers) {
      int colon = peer.lastIndexOf(':');
      if (colon <= 0) {
        throw new BadValue("raft-peers is a list of host:port,host:port,...");
      }
      within(peer.substring(colon + 1), 1, PORT_MAX);
    }
    if (peers.stream().distinct().count() != peers.size()) {
      throw new BadValue("raft-peers names a member twice");
    }
    raftPeers = peers;
  }

  private static long positive(String word, long max) throws BadValue {
    long value = number(word);
    if (value <= 0 || value > max) {
      throw new BadValue("negative or zero time parameter.");
    }
    return value;
  }

  private static long within(String word, long min, long max) throws BadValue {
    long value = number(word);
    if (value < min || value > max) {
      throw new BadValue("'" + word + "' is not within " + min + " and " + max);
    }
    return value;
  }

  private static long number(String word) throws BadValue {
    try {
      return Long.parseLong(word);
    } catch (NumberFormatException e) {
      throw new BadValue("'" + word + "' is not a number");
    }
  }

  private static boolean yes(String name, String word) throws BadValue {
    String lower = word.toLowerCase(Locale.ROOT);
    if (!lower.equals("yes") && !lower.equals("no")) {
      throw new BadValue("Please specify yes or no for the " + name + " option.");
    }
    return lower.equals("yes");
  }

  private static void only(String what, String word, String off) throws BadValue {
    if (!word.toLowerCase(Locale.ROOT).equals(off)) {
      throw new BadValue("'" + what + "' is not built yet; accepted: '" + off + "'");
    }
  }

  private static void notBuilt(String what) throws BadValue {
    throw new BadValue("'" + what + "' is not built yet");
  }
}
