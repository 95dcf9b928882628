package io.watchword.config;

/** What giving a directive does. */
public enum Support {
  /** The value is obeyed. */
  OBEYED,
  /** Any valid value is accepted and changes nothing, for the reason that the row gives. */
  NO_EFFECT,
  /** The feature is not built: only a value that leaves it off is accepted, any other is fatal. */
  NOT_BUILT
}
