package io.watchword.sentinel.api;

import io.watchword.bytes.Bytes;
import io.watchword.resp.Conversation;
import io.watchword.resp.Peer;
import io.watchword.resp.RequestReader;
import io.watchword.resp.RespWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One client of the sentinel. */
final class Session implements Conversation {
  private static final int QUERY_BYTES_MAX = 1 << 20;
  private static final long OUTPUT_BYTES_MAX = 32L << 20;
  private static final byte[] NOTHING = new byte[0];

  final long id;
  final Peer peer;
  final long sinceMs;
  final RespWriter out = new RespWriter(512);
  String name = "";
  String libName = "";
  String libVersion = "";
  String lastCommand = "NULL";
  long activeMs;
  private final ApiServer server;
  private final RequestReader reader = new RequestReader();
  private byte[] held = NOTHING;
  private boolean closing;
  private boolean waiting;
  private boolean serving;

  Session(ApiServer server, long id, Peer peer, long nowMs) {
    this.server = server;
    this.id = id;
    this.peer = peer;
    this.sinceMs = nowMs;
    this.activeMs = nowMs;
    reader.bulkBytesMax(QUERY_BYTES_MAX);
  }

  /** Closes once the reply in hand is sent. */
  void closeAfterReply() {
    closing = true;
  }

  /** Serves no more requests until {@link #answered}. */
  void await() {
    waiting = true;
  }

  /** Answers the request that waits, and serves what came after it. */
  void answered(boolean ok, String text) {
    waiting = false;
    if (ok) {
      out.simple(text);
    } else {
      out.error(text);
    }
    if (!serving) {
      serve(held);
      flush();
    }
  }

  @Override
  public void received(byte[] data, int from, int to) {
    int kept = held.length;
    byte[] all = Arrays.copyOf(held, kept + to - from);
    System.arraycopy(data, from, all, kept, to - from);
    serve(all);
  }

  private void serve(byte[] all) {
    serving = true;
    int at = 0;
    while (!closing && !waiting) {
      RequestReader.Status status = reader.read(all, at, all.length);
      if (status == RequestReader.Status.MORE) {
        break;
      }
      if (status == RequestReader.Status.BROKEN) {
        out.error(reader.problem());
        closing = true;
        break;
      }
      List<Bytes> args = arguments(all);
      at += reader.scanned();
      reader.next();
      if (!args.isEmpty()) {
        server.execute(this, args);
      }
    }
    serving = false;
    held = at == all.length ? NOTHING : Arrays.copyOfRange(all, at, all.length);
    if (held.length > QUERY_BYTES_MAX) {
      out.error("ERR Protocol error: too big request for a sentinel");
      closing = true;
    }
  }

  private List<Bytes> arguments(byte[] data) {
    List<Bytes> args = new ArrayList<>();
    byte[] source = reader.source(data);
    for (int i = 0; i < reader.argc(); i++) {
      args.add(Bytes.copy(source, reader.offset(i), reader.length(i)));
    }
    return args;
  }

  @Override
  public void turnEnded() {
    flush();
  }

  /** Sends what is written. A client that does not take its messages is given up. */
  void flush() {
    if (out.size() > 0) {
      peer.send(out.array(), 0, out.size());
      peer.flush();
      out.clear();
    }
    if (closing || peer.pendingBytes() > OUTPUT_BYTES_MAX) {
      peer.close();
    }
  }

  @Override
  public void closed(String why) {
    server.closed(this);
  }
}
