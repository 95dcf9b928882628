package io.watchword.resp;

/** Who is told of each new connection. */
public interface RespService {
  /** A peer connected; answers with what will serve it. Called on the loop thread. */
  Conversation opened(Peer peer);
}
