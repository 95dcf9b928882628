package io.watchword.resp;

/**
 * The far end of one connection, as {@code net} offers it. All calls on the connection's loop
 * thread.
 */
public interface Peer {
  /** Copies the bytes to the connection's output; they leave at the next {@link #flush}. */
  void send(byte[] bytes, int offset, int length);

  /** Hands what was sent to the socket. */
  void flush();

  /**
   * Closes once what was flushed is written: the end of a conversation in which the last reply
   * matters. A far end that does not read keeps the connection standing; see {@link #abort}.
   */
  void close();

  /**
   * Closes now, what was not written yet lost. The same as {@link #close} for a peer that holds
   * nothing back.
   */
  default void abort() {
    close();
  }

  /** Bytes handed over and not yet taken by the kernel. */
  long pendingBytes();

  /** Whether the connection still stands. */
  boolean isOpen();

  /** Stops or resumes reading from the socket; the way to push back on a sender. */
  void readMore(boolean wanted);

  /** Far address as {@code ip:port}. */
  String remote();

  /** Near address as {@code ip:port}. */
  String local();

  /**
   * Whether a far address means this machine.
   *
   * @param remote as {@link #remote} gives it
   */
  static boolean isLoopback(String remote) {
    return remote.startsWith("127.")
        || remote.startsWith("[::1]")
        || remote.startsWith("::1")
        || remote.startsWith("[0:0:0:0:0:0:0:1]")
        || remote.startsWith("0:0:0:0:0:0:0:1");
  }
}
