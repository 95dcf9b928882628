package io.watchword.command;

import java.util.Locale;

/** Command flags as COMMAND INFO prints them; the gate reads them too. */
public enum Flag {
  /** May change the keyspace. */
  WRITE,
  /** Reads keys and changes none. */
  READONLY,
  /** Refused when memory is short. */
  DENYOOM,
  ADMIN,
  PUBSUB,
  NOSCRIPT,
  /** Allowed while the data set loads. */
  LOADING,
  /** Allowed on a replica whose link is down and that must not serve stale data. */
  STALE,
  SKIP_MONITOR,
  SKIP_SLOWLOG,
  /** Constant or logarithmic time. */
  FAST,
  /** Allowed before authentication. */
  NO_AUTH,
  ALLOW_BUSY,
  NO_ASYNC_LOADING,
  MAY_REPLICATE,
  /** Not to be used inside MULTI. */
  NO_MULTI,
  MOVABLEKEYS,
  PROTECTED,
  BLOCKING,
  SENTINEL,
  ONLY_SENTINEL,
  NO_MANDATORY_KEYS;

  /** The name in replies. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
