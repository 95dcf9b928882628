package io.watchword.replication;

/** What a node is to others. */
public enum Role {
  /** Takes writes and passes them on. */
  MASTER("master"),
  /** Follows a master, and passes its stream on verbatim. */
  REPLICA("slave");

  private final String word;

  Role(String word) {
    this.word = word;
  }

  /** The role as INFO and ROLE print it. */
  public String word() {
    return word;
  }
}
