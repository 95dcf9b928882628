package io.watchword.command;

/** Who we say we are. */
public final class Versions {
  /** The Redis whose commands, replies and INFO we offer; what clients look at. */
  public static final String REDIS = "7.2.4";

  public static final String WATCHWORD = "0.1.0";

  private Versions() {}
}
