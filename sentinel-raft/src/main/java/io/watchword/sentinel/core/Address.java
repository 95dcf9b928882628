package io.watchword.sentinel.core;

import java.util.Comparator;

/**
 * Where a node is reached. Text, never resolved here: two spellings of one host are two addresses.
 *
 * @param host an IP address or name, without spaces
 * @param port 1 to 65535
 */
public record Address(String host, int port) implements Comparable<Address> {
  private static final Comparator<Address> ORDER =
      Comparator.comparing(Address::host).thenComparingInt(Address::port);

  /** Reads {@code host:port}; the last colon separates, so that IPv6 needs no brackets. */
  public static Address parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException("Not host:port: '" + text + "'");
    }
    return of(text.substring(0, colon), text.substring(colon + 1));
  }

  /** A checked address; the port may come from a file or a wire, so its range is judged here. */
  public static Address of(String host, String port) {
    try {
      int number = Integer.parseInt(port);
      if (number > 0 && number <= 65535) {
        return new Address(host, number);
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message for both kinds of bad port.
    }
    throw new IllegalArgumentException("Not a port: '" + port + "'");
  }

  @Override
  public int compareTo(Address other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
