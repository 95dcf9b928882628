package io.watchword.server;

import io.watchword.resp.Conversation;
import io.watchword.resp.Peer;
import java.nio.charset.StandardCharsets;

/** A client of a {@link TestEngine}. Text is Latin-1, one char for each byte. */
public final class TestConnection {
  private final FakePeer peer;
  private final Conversation conversation;

  TestConnection(Engine engine, int number) {
    peer = new FakePeer("127.0.0.1:" + (50_000 + number));
    conversation = engine.opened(peer);
  }

  /** Sends one command and returns all that came back, its reply and what stood before it. */
  public String ask(String... argv) {
    return exchange(TestEngine.request(argv));
  }

  /** Sends bytes as they are, in one piece, and returns all that came back. */
  public String send(String raw) {
    return exchange(raw.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** What others caused to be sent to this client since it last looked. */
  public String received() {
    String text = peer.received.toString();
    peer.received.setLength(0);
    return text;
  }

  /** Whether the server still keeps the connection. */
  public boolean isOpen() {
    return peer.open;
  }

  /** Whether the server closed the connection without waiting for this side to read. */
  public boolean isAborted() {
    return peer.aborted;
  }

  /** Whether the server takes what this side sends. */
  public boolean isRead() {
    return peer.reads;
  }

  /** Ends the connection from this side. */
  public void hangUp() {
    peer.close();
    conversation.closed("gone");
  }

  /** Sends the bytes one at a time, each in a turn of its own. */
  public String sendByteByByte(String raw) {
    byte[] bytes = raw.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < bytes.length && peer.open; i++) {
      conversation.received(bytes, i, i + 1);
      conversation.turnEnded();
    }
    return received();
  }

  private String exchange(byte[] bytes) {
    if (peer.open) {
      // Room behind the bytes, as in the array that the network lends.
      conversation.received(java.util.Arrays.copyOf(bytes, bytes.length + 16), 0, bytes.length);
      conversation.turnEnded();
    }
    return received();
  }

  static final class FakePeer implements Peer {
    final StringBuilder received = new StringBuilder();
    private final String remote;
    boolean open = true;
    boolean aborted;
    boolean reads = true;

    FakePeer(String remote) {
      this.remote = remote;
    }

    @Override
    public void send(byte[] bytes, int offset, int length) {
      if (open) {
        received.append(new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      open = false;
    }

    @Override
    public void abort() {
      aborted = true;
      close();
    }

    @Override
    public long pendingBytes() {
      return 0;
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void readMore(boolean wanted) {
      reads = wanted;
    }

    @Override
    public String remote() {
      return remote;
    }

    @Override
    public String local() {
      return "127.0.0.1:6379";
    }
  }
}
