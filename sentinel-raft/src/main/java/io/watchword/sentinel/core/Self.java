package io.watchword.sentinel.core;

import java.util.List;

/**
 * Who a sentinel is, from its folder and its configuration file.
 *
 * @param member its identity, addresses and incarnation
 * @param masters what its file tells it to watch; the first sentinel to lead brings them into the
 *     log, and from then on the log holds
 * @param newGroup the identity it would give to a group that it founds
 */
public record Self(Member member, List<Entry.Monitored> masters, String newGroup) {
  public Self {
    masters = List.copyOf(masters);
  }
}
