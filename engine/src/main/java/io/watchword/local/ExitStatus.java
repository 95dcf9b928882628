package io.watchword.local;

/** What the programs of this project tell the shell. */
final class ExitStatus {
  /** Everything is as expected. */
  static final int OK = 0;

  /** Something failed, is down, or answered with an error. */
  static final int FAILED = 1;

  /** The command line makes no sense. */
  static final int USAGE = 2;

  /** The machine lacks something: a port is taken, a folder cannot be written. */
  static final int ENVIRONMENT = 3;

  private ExitStatus() {}
}
