package io.watchword.sentinel.config;

import io.watchword.config.BadValue;
import io.watchword.config.CommandLineOptions;
import io.watchword.config.Config;
import io.watchword.config.ConfigError;
import io.watchword.config.ConfigFile;
import io.watchword.config.ConfigSources;
import io.watchword.config.Directive;
import io.watchword.config.Directives;
import java.util.List;

/** A sentinel's configuration, as its file and its command line give it. */
public final class SentinelConfig {
  /** Raft listens this far above the port, below the range the system gives out. */
  private static final int RAFT_PORT_ABOVE = 5000;

  private static final long PORT_DEFAULT = 26379;
  private static final int PORT_MAX = 65535;

  /** The server's directives that a sentinel obeys. */
  private static final List<Directive<?>> OBEYED =
      List.of(
          Directives.PORT,
          Directives.BIND,
          Directives.BIND_SOURCE_ADDR,
          Directives.DIR,
          Directives.LOGFILE,
          Directives.LOGLEVEL,
          Directives.DAEMONIZE,
          Directives.PIDFILE,
          Directives.PROTECTED_MODE,
          Directives.TCP_BACKLOG,
          Directives.TCP_KEEPALIVE);

  private final Config server;
  private final SentinelLines lines;

  private SentinelConfig(Config server, SentinelLines lines) {
    this.server = server;
    this.lines = lines;
  }

  /**
   * Reads a file and the options after it.
   *
   * @throws ConfigError in Redis's words
   * @throws BadValue when what was read does not fit together
   */
  public static SentinelConfig load(CommandLineOptions options, ConfigSources sources)
      throws ConfigError, BadValue {
    Config server = new Config(Directives.ALL);
    server.put(Directives.PORT, PORT_DEFAULT);
    server.put(Directives.PROTECTED_MODE, false);
    SentinelLines lines = new SentinelLines();
    new ConfigFile(server, sources, lines).load(options);
    SentinelConfig config = new SentinelConfig(server, lines);
    config.check();
    return config;
  }

  private void check() throws BadValue {
    for (Directive<?> directive : Directives.ALL) {
      if (!OBEYED.contains(directive) && isSet(directive)) {
        throw new BadValue("'" + directive.name() + "' is not built in sentinels");
      }
    }
    if (isBindGiven() && server.get(Directives.BIND).size() > 1) {
      throw new BadValue("a sentinel listens on one address: 'bind' names more");
    }
    if (port() == 0) {
      throw new BadValue("a sentinel needs a port");
    }
    if (lines.raftPort() == 0 && port() + RAFT_PORT_ABOVE > PORT_MAX) {
      throw new BadValue("port " + port() + " leaves no default for 'sentinel raft-port': give it");
    }
    for (MasterLines master : lines.masters()) {
      if (lines.raftPeers().isEmpty() && master.quorum > 1) {
        throw new BadValue(
            "a quorum of "
                + master.quorum
                + " for master "
                + master.name
                + " needs 'sentinel raft-peers host:raft-port,...' with all sentinels");
      }
      if (master.quorum > raftMembers().size()) {
        throw new BadValue(
            "a quorum of "
                + master.quorum
                + " for master "
                + master.name
                + " can never be reached: 'sentinel raft-peers' names "
                + raftMembers().size()
                + " sentinels");
      }
    }
    if (!lines.raftPeers().isEmpty()) {
      self();
    }
  }

  private <T> boolean isSet(Directive<T> directive) {
    return server.isGiven(directive) && !server.get(directive).equals(directive.initial());
  }

  public int port() {
    return server.get(Directives.PORT).intValue();
  }

  /** The address to listen on; a wildcard as Java writes it. */
  public String bind() {
    List<String> addresses = server.get(Directives.BIND);
    String first = addresses.isEmpty() ? "*" : addresses.get(0);
    String bare = first.startsWith("-") ? first.substring(1) : first;
    return bare.equals("*") ? "0.0.0.0" : bare;
  }

  /** Address to dial from, or empty. */
  public String source() {
    return server.get(Directives.BIND_SOURCE_ADDR);
  }

  public String dir() {
    return server.get(Directives.DIR);
  }

  public String logfile() {
    return server.get(Directives.LOGFILE);
  }

  public String loglevel() {
    return server.get(Directives.LOGLEVEL);
  }

  public String pidfile() {
    return server.get(Directives.PIDFILE);
  }

  public boolean protectedMode() {
    return server.get(Directives.PROTECTED_MODE);
  }

  /** Whether the file says where to listen: protected mode is for those that do not. */
  public boolean isBindGiven() {
    return server.isGiven(Directives.BIND);
  }

  public int backlog() {
    return server.get(Directives.TCP_BACKLOG).intValue();
  }

  public int keepaliveSeconds() {
    return server.get(Directives.TCP_KEEPALIVE).intValue();
  }

  /** What the lines {@code sentinel ...} say. */
  public SentinelLines lines() {
    return lines;
  }

  public int raftPort() {
    return lines.raftPort() > 0 ? lines.raftPort() : port() + RAFT_PORT_ABOVE;
  }

  /** The port that clients and other sentinels are told. */
  public int announcedPort() {
    return lines.announcePort() > 0 ? lines.announcePort() : port();
  }

  /** The address that clients and other sentinels are told. */
  public String announcedIp() {
    if (!lines.announceIp().isEmpty()) {
      return lines.announceIp();
    }
    if (!bind().equals("0.0.0.0") && !bind().contains("::")) {
      return bind();
    }
    String self = raftSelf();
    return self.substring(0, self.lastIndexOf(':'));
  }

  /** This sentinel's own entry of the list of members. */
  public String raftSelf() {
    try {
      return lines.raftPeers().isEmpty() ? alone() : self();
    } catch (BadValue e) {
      throw new IllegalStateException(e);
    }
  }

  /** All members of the Raft group, this one included. */
  public List<String> raftMembers() {
    return lines.raftPeers().isEmpty() ? List.of(alone()) : lines.raftPeers();
  }

  private String alone() {
    boolean wildcard = bind().equals("0.0.0.0") || bind().contains("::");
    String host =
        lines.announceIp().isEmpty() ? wildcard ? "127.0.0.1" : bind() : lines.announceIp();
    return host + ":" + raftPort();
  }

  private String self() throws BadValue {
    List<String> sameHost =
        List.of(lines.announceIp() + ":" + raftPort(), bind() + ":" + raftPort());
    for (String wanted : sameHost) {
      if (lines.raftPeers().contains(wanted)) {
        return wanted;
      }
    }
    List<String> samePort =
        lines.raftPeers().stream().filter(p -> p.endsWith(":" + raftPort())).toList();
    if (samePort.size() != 1) {
      throw new BadValue(
          "'sentinel raft-peers' must name this sentinel itself: "
              + samePort.size()
              + " of its members have the port "
              + raftPort());
    }
    return samePort.get(0);
  }
}
