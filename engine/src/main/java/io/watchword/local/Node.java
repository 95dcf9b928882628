package io.watchword.local;

import java.nio.file.Path;

/**
 * One process of a local cluster: what it is called, where it listens, where it keeps its things.
 *
 * @param kind data server or sentinel
 * @param port the port that clients use
 * @param folder holds conf, log and data; absolute
 */
record Node(Kind kind, int port, Path folder) {
  /** The programs of a cluster; the word is the launcher's subcommand and the status's kind. */
  enum Kind {
    SERVER("server"),
    SENTINEL("sentinel");

    final String word;

    Kind(String word) {
      this.word = word;
    }
  }

  static final String HOST = "127.0.0.1";

  /** Unique within a cluster and stable over failovers, hence without a role in it. */
  String name() {
    return kind.word + "-" + port;
  }

  /** The configuration file; its absolute path on a command line also identifies the process. */
  Path conf() {
    return folder.resolve(kind.word + ".conf");
  }

  Path log() {
    return folder.resolve("log");
  }

  /** What the process says before its log is open, and what the JVM says. */
  Path output() {
    return folder.resolve("out");
  }

  Path data() {
    return folder.resolve("data");
  }

  boolean isServer() {
    return kind == Kind.SERVER;
  }
}
