package io.watchword.compat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/**
 * A client that sends raw bytes and reads raw replies, so that a test can compare two servers byte
 * for byte. Text is Latin-1: each char is one byte, in both directions.
 *
 * <p>It understands RESP2 and RESP3 only as far as needed to know where a reply ends. A server that
 * says nothing for {@value #SILENCE_MS_MAX} ms fails the test.
 */
public final class RawClient implements AutoCloseable {
  private static final int SILENCE_MS_MAX = 5_000;

  private final Socket socket;
  private final InputStream in;

  private RawClient(Socket socket, InputStream in) {
    this.socket = socket;
    this.in = in;
  }

  /** Connects to a port of this machine. */
  public static RawClient with(int port) {
    try {
      Socket socket = new Socket();
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), SILENCE_MS_MAX);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(SILENCE_MS_MAX);
      return new RawClient(socket, new BufferedInputStream(socket.getInputStream()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends these bytes as they are. */
  public RawClient send(String raw) {
    try {
      socket.getOutputStream().write(raw.getBytes(StandardCharsets.ISO_8859_1));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends one command as an array of bulk strings and returns its raw reply. */
  public String ask(String... argv) {
    send(request(argv));
    return reply();
  }

  /** One raw reply, through its last line end, whatever its depth. */
  public String reply() {
    try {
      ByteArrayOutputStream raw = new ByteArrayOutputStream();
      if (!copyReply(raw)) {
        throw new UncheckedIOException(new IOException("the server closed the connection"));
      }
      return raw.toString(StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Everything the server still says until it closes the connection; fails when it keeps the
   * connection open in silence.
   */
  public String replyUntilClosed() {
    ByteArrayOutputStream raw = new ByteArrayOutputStream();
    try {
      in.transferTo(raw);
    } catch (SocketTimeoutException e) {
      throw new UncheckedIOException("the server did not close; it said: " + raw, e);
    } catch (IOException reset) {
      // A server that closes with our bytes unread sends a reset; what it said still counts.
      return raw.toString(StandardCharsets.ISO_8859_1);
    }
    return raw.toString(StandardCharsets.ISO_8859_1);
  }

  /** The bytes of a command as clients send it: an array of bulk strings. */
  public static String request(String... argv) {
    StringBuilder raw = new StringBuilder("*").append(argv.length).append("\r\n");
    for (String word : argv) {
      raw.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return raw.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean copyReply(ByteArrayOutputStream raw) throws IOException {
    String line = copyLine(raw);
    if (line == null) {
      return false;
    }
    switch (line.charAt(0)) {
      case '$', '=', '!' -> copyBytes(raw, Long.parseLong(line.substring(1)));
      case '*', '~', '>' -> copyReplies(raw, Long.parseLong(line.substring(1)));
      case '%' -> copyReplies(raw, 2 * Long.parseLong(line.substring(1)));
      case '|' -> copyReplies(raw, 2 * Long.parseLong(line.substring(1)) + 1);
      case '+', '-', ':', '_', '#', ',', '(' -> {}
      default -> throw new IOException("not the start of a reply: " + line);
    }
    return true;
  }

  private void copyReplies(ByteArrayOutputStream raw, long count) throws IOException {
    for (long i = 0; i < count; i++) {
      if (!copyReply(raw)) {
        throw new IOException("the server closed in the middle of a reply: " + raw);
      }
    }
  }

  private void copyBytes(ByteArrayOutputStream raw, long length) throws IOException {
    if (length >= 0) {
      raw.write(in.readNBytes((int) length + 2));
    }
  }

  private String copyLine(ByteArrayOutputStream raw) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next;
    while ((next = in.read()) >= 0) {
      line.write(next);
      raw.write(next);
      if (next == '\n') {
        return line.toString(StandardCharsets.ISO_8859_1).strip();
      }
    }
    return null;
  }
}
