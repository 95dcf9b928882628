package io.watchword.local;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One blocking RESP2 connection to one node, for the operator's commands: one question, one answer.
 *
 * <p>The server's own reader works on what a socket has already delivered; a tool that waits for
 * its answer is shorter when it blocks. Used by one thread.
 */
final class RespConnection implements AutoCloseable {
  private static final int CONNECT_MS_MAX = 2_000;

  /** A longer line is not RESP: an HTTP server, say, that sits on the port. */
  private static final int LINE_BYTES_MAX = 64 * 1024;

  /** Redis's own limit of one bulk string. */
  private static final long BULK_BYTES_MAX = 512L * 1024 * 1024;

  private static final int DEPTH_MAX = 32;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  /**
   * Connects at once.
   *
   * @param answerMsMax how long one answer may take, in milliseconds; 0 waits forever
   * @throws IOException when nothing listens there or it does not answer within two seconds
   */
  RespConnection(String host, int port, int answerMsMax) throws IOException {
    socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(host, port), CONNECT_MS_MAX);
      socket.setSoTimeout(answerMsMax);
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream());
      out = new BufferedOutputStream(socket.getOutputStream());
    } catch (IOException failure) {
      socket.close();
      throw failure;
    }
  }

  /** Sends one command and waits for its answer. */
  Answer ask(String... words) throws IOException {
    List<byte[]> arguments = new ArrayList<>(words.length);
    for (String word : words) {
      arguments.add(word.getBytes(StandardCharsets.UTF_8));
    }
    writeLine('*', arguments.size());
    for (byte[] argument : arguments) {
      writeLine('$', argument.length);
      out.write(argument);
      out.write('\r');
      out.write('\n');
    }
    out.flush();
    return read(0);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void writeLine(char kind, int count) throws IOException {
    out.write((kind + Integer.toString(count) + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  private Answer read(int depth) throws IOException {
    if (depth > DEPTH_MAX) {
      throw new IOException("answer nested deeper than " + DEPTH_MAX);
    }
    String line = readLine();
    if (line.isEmpty()) {
      throw new IOException("an empty line is not RESP");
    }
    String rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '+' -> new Answer.Status(rest);
      case '-' -> new Answer.Failure(rest);
      case ':' -> new Answer.Int(number(rest));
      case '$' -> bulk(number(rest));
      case '*' -> many(number(rest), depth);
      default ->
          throw new IOException("not RESP: a line that starts with '" + line.charAt(0) + "'");
    };
  }

  private Answer bulk(long length) throws IOException {
    if (length < 0) {
      return new Answer.Nil();
    }
    if (length > BULK_BYTES_MAX) {
      throw new IOException("a bulk of " + length + " bytes is over the limit");
    }
    byte[] bytes = in.readNBytes((int) length);
    if (bytes.length < length || in.read() != '\r' || in.read() != '\n') {
      throw new EOFException("the connection ended inside an answer");
    }
    return new Answer.Bulk(bytes);
  }

  private Answer many(long count, int depth) throws IOException {
    if (count < 0) {
      return new Answer.Nil();
    }
    List<Answer> items = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      items.add(read(depth + 1));
    }
    return new Answer.Many(items);
  }

  private String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the node closed the connection");
      }
      if (line.length() >= LINE_BYTES_MAX) {
        throw new IOException("a line longer than " + LINE_BYTES_MAX + " bytes is not RESP");
      }
      line.append((char) next);
    }
    int end = line.length();
    return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
  }

  private static long number(String digits) throws IOException {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException notANumber) {
      throw new IOException("not RESP: '" + digits + "' where a number belongs", notANumber);
    }
  }
}
