package io.watchword.resp;

/** What answers one connection. All calls on the connection's loop thread. */
public interface Conversation {
  /** Takes {@code data[from, to)}; the array is only lent for the time of the call. */
  void received(byte[] data, int from, int to);

  /** The bytes of this read turn are all delivered: the moment to flush once. */
  void turnEnded();

  /** The connection is gone, by either side; the last call. */
  void closed(String why);

  /** Output that was held back may flow again; {@link Peer#pendingBytes} is low. */
  default void writable() {}
}
