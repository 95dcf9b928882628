package io.watchword.command.replication;

import io.watchword.command.Client;
import io.watchword.resp.RespWriter;
import java.util.function.IntConsumer;

/** What these commands need of the server: its place among other nodes. */
public interface Node {
  /** Whether this node is told to follow that address already, and does its best to. */
  boolean follows(String host, int port);

  /**
   * Follows a master from now on.
   *
   * @param by who asked, for the log
   */
  void follow(String host, int port, String by);

  /** Becomes a master; harmless on one. */
  void promote(String by);

  /** Whether this node follows a master. */
  boolean isReplica();

  /** Writes the answer to ROLE. */
  void role(RespWriter reply);

  /**
   * A replica asks to be attached; its answer goes to its connection, which from then on carries
   * the stream.
   *
   * @param replid the history it has, or {@code ?}
   * @param from next offset it needs
   * @param speaksPsync false for SYNC
   */
  void attach(Client client, String replid, long from, boolean speaksPsync);

  /** How many replicas have confirmed an offset. */
  int confirmed(long offset);

  /**
   * Holds the client back until enough replicas have confirmed an offset or time is up.
   *
   * @param timeoutMs 0 for no limit
   * @param answer given the number that have, once, unless the client goes away or the role
   *     changes, which ends the connection with an error
   */
  void hold(Client client, long offset, int replicas, long timeoutMs, IntConsumer answer);
}
