package io.watchword.sentinel.config;

/**
 * What a file says of one master. Times are milliseconds.
 *
 * <p>Written while the file is read, on one thread, and only read afterwards.
 */
public final class MasterLines {
  /** As in {@code sentinel monitor}. */
  public final String name;

  public final String host;
  public final int port;
  public final int quorum;
  long downAfterMs = 30_000;
  long failoverTimeoutMs = 180_000;
  int parallelSyncs = 1;
  String authUser = "";
  String authPass = "";

  MasterLines(String name, String host, int port, int quorum) {
    this.name = name;
    this.host = host;
    this.port = port;
    this.quorum = quorum;
  }

  boolean isAt(String otherHost, int otherPort) {
    return host.equalsIgnoreCase(otherHost) && port == otherPort;
  }

  public long downAfterMs() {
    return downAfterMs;
  }

  public long failoverTimeoutMs() {
    return failoverTimeoutMs;
  }

  public int parallelSyncs() {
    return parallelSyncs;
  }

  public String authUser() {
    return authUser;
  }

  public String authPass() {
    return authPass;
  }
}
