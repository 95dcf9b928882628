package io.watchword.local;

/**
 * What a look at one node showed.
 *
 * @param state whether there is a process and whether it answers
 * @param pid of the process, 0 when there is none
 * @param role master, replica or sentinel; empty when the node does not say
 * @param follows host and port of a replica's master with a blank between; empty otherwise
 * @param epoch configuration epoch, -1 when unknown
 * @param offset replication offset in bytes, -1 when unknown
 * @param link one word on the node's connection to the others: up, down, the number of replicas
 */
record NodeReport(
    Node node,
    State state,
    long pid,
    String role,
    String follows,
    long epoch,
    long offset,
    String link) {

  static final String MASTER = "master";
  static final String REPLICA = "replica";
  static final String SENTINEL = "sentinel";

  /** Whether a node can be spoken to. */
  enum State {
    /** No process runs with the node's configuration. */
    DEAD("dead"),
    /** The process is there and does not answer: starting, loading, paused or stuck. */
    SILENT("silent"),
    /** It answers. */
    UP("up");

    final String word;

    State(String word) {
      this.word = word;
    }
  }

  static NodeReport dead(Node node) {
    return new NodeReport(node, State.DEAD, 0, "", "", -1, -1, "");
  }

  static NodeReport silent(Node node, long pid) {
    return new NodeReport(node, State.SILENT, pid, "", "", -1, -1, "");
  }

  boolean isMaster() {
    return role.equals(MASTER);
  }

  boolean isReplica() {
    return role.equals(REPLICA);
  }
}
