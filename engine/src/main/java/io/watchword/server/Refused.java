package io.watchword.server;

import io.watchword.resp.Conversation;
import io.watchword.resp.Peer;
import io.watchword.resp.RespWriter;

/** A connection that is told why it is not taken, and closed; what it sends is not read. */
final class Refused implements Conversation {
  Refused(Peer peer, String error) {
    RespWriter out = new RespWriter(64);
    out.error(error);
    peer.send(out.array(), 0, out.size());
    peer.flush();
    peer.close();
  }

  @Override
  public void received(byte[] data, int from, int to) {}

  @Override
  public void turnEnded() {}

  @Override
  public void closed(String why) {}
}
