package io.watchword.keyspace;

import io.watchword.bytes.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which clients watch which keys for WATCH; empty most of the time, then a change costs one test.
 */
public final class Watched {
  /** A client with watched keys. */
  public interface Watcher {
    /** A watched key changed: the next EXEC must refuse. */
    void touched();
  }

  private record Place(int database, Bytes key) {}

  private final Map<Place, List<Watcher>> watchers = new LinkedHashMap<>();

  /** Registers interest; once per key and watcher. */
  public void add(int database, Bytes key, Watcher watcher) {
    List<Watcher> all = watchers.computeIfAbsent(new Place(database, key), k -> new ArrayList<>());
    if (!all.contains(watcher)) {
      all.add(watcher);
    }
  }

  /** Ends the interest. */
  public void remove(int database, Bytes key, Watcher watcher) {
    Place place = new Place(database, key);
    List<Watcher> all = watchers.get(place);
    if (all != null && all.remove(watcher) && all.isEmpty()) {
      watchers.remove(place);
    }
  }

  boolean isEmpty() {
    return watchers.isEmpty();
  }

  void changed(int database, byte[] key, int offset, int length) {
    List<Watcher> all = watchers.get(new Place(database, Bytes.copy(key, offset, length)));
    if (all != null) {
      all.forEach(Watcher::touched);
    }
  }

  /** A whole database changed; only keys for which {@code affected} holds count. */
  void changedAll(int database, java.util.function.Predicate<Bytes> affected) {
    watchers.forEach(
        (place, all) -> {
          if (place.database() == database && affected.test(place.key())) {
            all.forEach(Watcher::touched);
          }
        });
  }
}
