package io.watchword.pubsub;

import io.watchword.bytes.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Names, each with the listeners that subscribed to it, and each listener with its names.
 *
 * <p>Both directions keep the order of subscription, which is the order in which messages go out
 * and in which UNSUBSCRIBE without arguments answers. A name without listeners and a listener
 * without names take no memory. Clients choose the names, and {@link Bytes} has no keyed hash: the
 * maps fall back on its order where hashes collide, so a flood costs a logarithm. Used by the
 * command thread.
 *
 * @param <L> a listener, compared by {@code equals}
 */
final class Subscriptions<L> {
  private final Map<Bytes, Set<L>> listeners = new LinkedHashMap<>();
  private final Map<L, Set<Bytes>> names = new LinkedHashMap<>();

  /** Whether the subscription is new. */
  boolean add(L listener, Bytes name) {
    if (!names.computeIfAbsent(listener, any -> new LinkedHashSet<>()).add(name)) {
      return false;
    }
    return listeners.computeIfAbsent(name, any -> new LinkedHashSet<>()).add(listener);
  }

  /** Whether there was such a subscription. */
  boolean remove(L listener, Bytes name) {
    Set<Bytes> its = names.get(listener);
    if (its == null || !its.remove(name)) {
      return false;
    }
    if (its.isEmpty()) {
      names.remove(listener);
    }
    Set<L> left = listeners.get(name);
    left.remove(listener);
    if (left.isEmpty()) {
      listeners.remove(name);
    }
    return true;
  }

  /** The names of one listener, a copy. */
  List<Bytes> of(L listener) {
    return List.copyOf(names.getOrDefault(listener, Collections.emptySet()));
  }

  int countOf(L listener) {
    return names.getOrDefault(listener, Collections.emptySet()).size();
  }

  /** The listeners of one name, a view that must not be kept. */
  Set<L> listenersOf(Bytes name) {
    return listeners.getOrDefault(name, Collections.emptySet());
  }

  /** Every name that somebody listens to, a copy. */
  List<Bytes> names() {
    return new ArrayList<>(listeners.keySet());
  }

  int size() {
    return listeners.size();
  }
}
