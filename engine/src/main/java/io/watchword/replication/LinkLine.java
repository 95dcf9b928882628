package io.watchword.replication;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of a line up to its end, which may come in pieces. */
final class LinkLine {
  private final int bytesMax;
  private byte[] bytes = new byte[256];
  private int n;
  private boolean whole;

  LinkLine(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  int feed(byte[] data, int from, int to) {
    int at = from;
    while (at < to && !whole && n <= bytesMax) {
      byte b = data[at++];
      if (b == '\n') {
        whole = true;
      } else {
        if (n == bytes.length) {
          bytes = Arrays.copyOf(bytes, 2 * n);
        }
        bytes[n++] = b;
      }
    }
    return at;
  }

  boolean isWhole() {
    return whole;
  }

  boolean isTooLong() {
    return n > bytesMax;
  }

  String take() {
    int length = n > 0 && bytes[n - 1] == '\r' ? n - 1 : n;
    String text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    clear();
    return text;
  }

  void clear() {
    n = 0;
    whole = false;
  }
}
