package io.watchword.replication;

/** One replica as its master sees it. */
final class Replica {
  /** How far a replica has come. */
  enum State {
    /** It needs a snapshot that has not begun. */
    WAITING("wait_bgsave"),
    /** Its snapshot is being made, or sent while it is made. */
    SNAPSHOT("wait_bgsave"),
    /** A finished snapshot is being sent. */
    SENDING("send_bulk"),
    /** It was sent everything and has yet to say that it loaded it. */
    LOADING("send_bulk"),
    /** It gets the stream. */
    ONLINE("online");

    private final String word;

    State(String word) {
      this.word = word;
    }

    /** The state as INFO prints it. */
    String word() {
      return word;
    }
  }

  final int id;
  final String ip;
  final int port;
  final boolean speaksEof;
  final boolean speaksPsync;
  State state = State.WAITING;

  /** Last offset it confirmed. */
  long acked;

  /** When it was last heard of, or, before it is online, when its transfer last moved. */
  long heardAt;

  /** Since when it waits for a snapshot. */
  long waitingSince;

  /** The next byte of the stream that it has to be given. */
  long next;

  Replica(ReplicationEvent.Asked asked, long now) {
    id = asked.id();
    ip = asked.ip();
    port = asked.port();
    speaksEof = asked.speaksEof();
    speaksPsync = asked.speaksPsync();
    heardAt = now;
    waitingSince = now;
  }

  /** {@code ip:port}, for the log. */
  String name() {
    return ip + ":" + port;
  }

  /** Whether the backlog must keep bytes for it. */
  boolean reads() {
    return state != State.WAITING;
  }
}
