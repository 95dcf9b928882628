package io.watchword.sys;

/** What we are and what we claim to be compatible with. */
public final class Version {
  /** The release of Watchword. */
  public static final String WATCHWORD = "0.1.0";

  /** The release of Redis whose commands, replies and files are ours; INFO's redis_version. */
  public static final String REDIS = "7.2.4";

  private Version() {}
}
