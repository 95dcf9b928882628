package io.watchword.server;

import io.watchword.bytes.Ascii;
import io.watchword.bytes.Numbers;
import io.watchword.replication.ReplicationNode;
import io.watchword.resp.Conversation;
import io.watchword.resp.Peer;
import io.watchword.resp.RequestReader;
import java.util.Arrays;

/**
 * The connection of an attached replica: the stream goes out, confirmations come in. Anything else
 * that a replica says is ignored, since an answer would stand in the middle of the stream.
 */
final class ReplicaConversation implements Conversation {
  /** A confirmation is short; a peer that sends more without an end is none of ours. */
  private static final int HELD_BYTES_MAX = 1 << 14;

  private final ReplicationNode node;
  private final int id;
  private final Peer peer;
  private final RequestReader reader = new RequestReader();
  private byte[] held = {};

  ReplicaConversation(ReplicationNode node, int id, Peer peer) {
    this.node = node;
    this.id = id;
    this.peer = peer;
  }

  @Override
  public void received(byte[] data, int from, int to) {
    byte[] b = data;
    int start = from;
    int end = to;
    if (held.length > 0) {
      b = Arrays.copyOf(held, held.length + to - from);
      System.arraycopy(data, from, b, held.length, to - from);
      start = 0;
      end = b.length;
    }
    RequestReader.Status status = RequestReader.Status.READY;
    while (start < end && status == RequestReader.Status.READY) {
      status = reader.read(b, start, end);
      if (status == RequestReader.Status.READY) {
        heard(reader.source(b));
        start += reader.scanned();
        reader.next();
      }
    }
    held = Arrays.copyOfRange(b, start, end);
    if (status == RequestReader.Status.BROKEN || held.length > HELD_BYTES_MAX) {
      held = new byte[0];
      peer.close();
    }
  }

  private void heard(byte[] b) {
    if (reader.argc() == 0) {
      // While it loads it can confirm nothing and sends an empty line each second.
      node.moved(id);
      return;
    }
    boolean ack = reader.argc() >= 3 && is(b, 0, "REPLCONF") && is(b, 1, "ACK");
    if (ack && Numbers.isLong(b, reader.offset(2), reader.length(2))) {
      node.acked(id, Numbers.toLong(b, reader.offset(2), reader.length(2)));
    }
  }

  private boolean is(byte[] b, int arg, String word) {
    return Ascii.is(b, reader.offset(arg), reader.length(arg), word);
  }

  @Override
  public void turnEnded() {
    node.turnEnded();
  }

  @Override
  public void writable() {
    node.connections().writable(id);
  }

  @Override
  public void closed(String why) {
    node.connections().closed(id);
  }
}
