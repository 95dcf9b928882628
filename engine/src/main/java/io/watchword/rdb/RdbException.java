package io.watchword.rdb;

/** A file that is no RDB, is damaged, or holds what this version cannot load. Says where. */
public final class RdbException extends Exception {
  private static final long serialVersionUID = 1;

  private RdbException(String message) {
    super(message);
  }

  /** The first bytes are wrong, so there is no place to name. */
  static RdbException atHead(String message) {
    return new RdbException(message);
  }

  /** Something is wrong at {@code offset}; the form is Redis's, whose log lines tools look for. */
  static RdbException at(long offset, String why) {
    return new RdbException(
        "Internal error in RDB reading offset " + offset + ", function at RdbReader -> " + why);
  }
}
