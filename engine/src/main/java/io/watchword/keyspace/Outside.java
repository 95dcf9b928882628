package io.watchword.keyspace;

import java.util.Arrays;

/** Objects that entries name by number because they do not fit into a page. */
final class Outside {
  private Object[] items = new Object[16];
  private int[] freed = new int[16];
  private int freedCount;
  private int used;
  private long bytes;

  /** Keeps an object of {@code footprintBytes} and returns its number. */
  int put(Object item, long footprintBytes) {
    bytes += footprintBytes;
    int at;
    if (freedCount > 0) {
      at = freed[--freedCount];
    } else {
      if (used == items.length) {
        items = Arrays.copyOf(items, 2 * used);
      }
      at = used++;
    }
    items[at] = item;
    return at;
  }

  Object get(int number) {
    return items[number];
  }

  void remove(int number, long footprintBytes) {
    bytes -= footprintBytes;
    items[number] = null;
    if (freedCount == freed.length) {
      freed = Arrays.copyOf(freed, 2 * freedCount);
    }
    freed[freedCount++] = number;
  }

  /** An object grew or shrank by {@code moreBytes}. */
  void resized(long moreBytes) {
    bytes += moreBytes;
  }

  long bytes() {
    return bytes;
  }

  void clear() {
    items = new Object[16];
    freed = new int[16];
    freedCount = 0;
    used = 0;
    bytes = 0;
  }
}
