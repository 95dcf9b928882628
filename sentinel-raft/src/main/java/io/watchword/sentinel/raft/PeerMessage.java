package io.watchword.sentinel.raft;

import io.protostuff.Tag;
import java.io.Serializable;

/**
 * What sentinels tell each other beside Raft's own messages, over the same connections, so that a
 * cut between two of them cuts this too. Serves as request and as reply.
 */
final class PeerMessage implements Serializable {
  private static final long serialVersionUID = 1;

  /** A follower hands an entry to the leader: {@code body}. */
  static final int PROPOSE = 1;

  /** A sentinel that starts for the first time says who it is: {@code peer}, {@code id}. */
  static final int INTRODUCE = 2;

  /** The reply: {@code id} is the identity on record, empty when the message was not for us. */
  static final int ANSWER = 3;

  @Tag(1)
  int kind;

  @Tag(2)
  byte[] body = new byte[0];

  @Tag(3)
  String peer = "";

  @Tag(4)
  String id = "";

  PeerMessage() {}

  PeerMessage(int kind, byte[] body, String peer, String id) {
    this.kind = kind;
    this.body = body;
    this.peer = peer;
    this.id = id;
  }
}
