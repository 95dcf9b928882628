package io.watchword.command;

import java.util.Locale;

/** Command groups as COMMAND DOCS names them; a folder each. */
public enum Group {
  GENERIC,
  STRING,
  LIST,
  SET,
  SORTED_SET,
  HASH,
  PUBSUB,
  TRANSACTIONS,
  CONNECTION,
  SERVER,
  SCRIPTING,
  HYPERLOGLOG,
  GEO,
  STREAM,
  BITMAP,
  REPLICATION,
  PERSISTENCE;

  /** The name in docs and replies. Replication and persistence are part of Redis's server group. */
  public String word() {
    return switch (this) {
      case REPLICATION, PERSISTENCE -> "server";
      case SORTED_SET -> "sorted-set";
      default -> name().toLowerCase(Locale.ROOT);
    };
  }
}
