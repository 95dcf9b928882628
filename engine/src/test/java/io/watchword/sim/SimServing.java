package io.watchword.sim;

import io.watchword.replication.ReplicationEvent;
import io.watchword.replication.ReplicationNode;
import io.watchword.resp.Conversation;
import io.watchword.resp.Peer;
import io.watchword.resp.RequestReader;
import io.watchword.resp.RespWriter;
import java.io.ByteArrayOutputStream;
import java.util.function.Supplier;

/** What a simulated node answers to a replica: the part of the real server that PSYNC needs. */
final class SimServing implements Conversation {
  private final ReplicationNode node;
  private final int id;
  private final Peer peer;
  private final Supplier<String> replids;
  private final RequestReader reader = new RequestReader();
  private byte[] held = {};
  private boolean speaksEof;
  private int port;

  SimServing(ReplicationNode node, int id, Peer peer, Supplier<String> replids) {
    this.node = node;
    this.id = id;
    this.peer = peer;
    this.replids = replids;
  }

  /** Answers nothing. */
  static final class Deaf implements Conversation {
    @Override
    public void received(byte[] data, int from, int to) {}

    @Override
    public void turnEnded() {}

    @Override
    public void closed(String why) {}
  }

  @Override
  public void received(byte[] data, int from, int to) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(held);
    all.write(data, from, to - from);
    byte[] b = all.toByteArray();
    int at = 0;
    while (at < b.length && reader.read(b, at, b.length) == RequestReader.Status.READY) {
      byte[] source = reader.source(b);
      String[] words = ToyKeyspace.words(reader, source);
      at += reader.scanned();
      reader.next();
      if (words.length > 0) {
        run(words);
      }
    }
    held = java.util.Arrays.copyOfRange(b, at, b.length);
  }

  private void run(String[] words) {
    switch (words[0]) {
      case "PING" -> say("+PONG");
      case "REPLCONF" -> replconf(words);
      case "PSYNC" -> {
        node.connections().register(id, peer);
        String host = peer.remote().substring(0, peer.remote().indexOf(':'));
        node.asked(
            new ReplicationEvent.Asked(
                id,
                host,
                port,
                words[1],
                Long.parseLong(words[2]),
                true,
                true,
                speaksEof,
                replids.get()));
      }
      default -> say("-ERR unknown command");
    }
  }

  private void replconf(String[] words) {
    if (words[1].equals("ACK")) {
      node.acked(id, Long.parseLong(words[2]));
      return;
    }
    for (int i = 1; i + 1 < words.length; i += 2) {
      speaksEof |= words[i].equals("capa") && words[i + 1].equals("eof");
      if (words[i].equals("listening-port")) {
        port = Integer.parseInt(words[i + 1]);
      }
    }
    say("+OK");
  }

  private void say(String line) {
    byte[] bytes = RespWriter.ascii(line + "\r\n");
    peer.send(bytes, 0, bytes.length);
  }

  @Override
  public void turnEnded() {
    peer.flush();
  }

  @Override
  public void closed(String why) {
    node.connections().closed(id);
  }

  @Override
  public void writable() {
    node.connections().writable(id);
  }
}
