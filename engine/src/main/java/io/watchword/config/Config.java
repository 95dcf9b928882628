package io.watchword.config;

import io.watchword.bytes.Glob;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The live values of a table of directives.
 *
 * <p>The file and the command line are read into it first ({@link ConfigFile}); from then on it
 * belongs to the command thread. Looking a value up is one probe of a map, so a hot path keeps what
 * it read and learns of changes through {@link #appliedBy}.
 */
public final class Config {
  private final Map<String, Slot<?>> byName = new LinkedHashMap<>();
  private Optional<String> file = Optional.empty();

  /** Every directive of the table at its default. */
  public Config(List<Directive<?>> table) {
    for (Directive<?> row : table) {
      Slot<?> slot = new Slot<>(row);
      byName.put(row.name(), slot);
      row.aliases().forEach(alias -> byName.put(alias, slot));
    }
  }

  /** The value of a directive of the table. */
  public <T> T get(Directive<T> directive) {
    return slot(directive).value;
  }

  /** Sets a value from code; for wiring and tests. */
  public <T> void put(Directive<T> directive, T value) {
    slot(directive).value = value;
  }

  /** Whether the file, the command line or CONFIG SET gave this directive a value. */
  public boolean isGiven(Directive<?> directive) {
    return slot(directive).given;
  }

  /** The file that was read first, as it was named; none when everything came otherwise. */
  public Optional<String> file() {
    return file;
  }

  void file(Optional<String> path) {
    file = path;
  }

  /** Takes a value, or says in Redis's words why it cannot. */
  public interface Taker<T> {
    void take(T value) throws BadValue;
  }

  /** Lets {@code check} refuse a value wherever it comes from, before anything changes. */
  public <T> void checkedBy(Directive<T> directive, Taker<T> check) {
    slot(directive).check = check;
  }

  /**
   * Lets {@code effect} put values of CONFIG SET to work. After a refusal, its own or that of
   * another directive of the same CONFIG SET, it is called again with the earlier value.
   */
  public <T> void appliedBy(Directive<T> directive, Taker<T> effect) {
    slot(directive).effect = effect;
  }

  /**
   * CONFIG GET: names that match one of the patterns, in any case, with their values. A name
   * without wildcards answers as it was asked, older spellings included.
   */
  public Map<String, String> matching(List<String> patterns) {
    Map<String, String> found = new LinkedHashMap<>();
    Set<String> seen = new TreeSet<>();
    for (String pattern : patterns) {
      if (pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0 && pattern.indexOf('[') < 0) {
        Slot<?> slot = byName.get(pattern.toLowerCase(Locale.ROOT));
        if (slot != null && seen.add(pattern.toLowerCase(Locale.ROOT))) {
          found.put(pattern, slot.shown());
        }
        continue;
      }
      byte[] glob = pattern.getBytes(StandardCharsets.ISO_8859_1);
      byName.forEach(
          (name, slot) -> {
            byte[] text = name.getBytes(StandardCharsets.ISO_8859_1);
            if (Glob.matches(glob, text, 0, text.length, true) && seen.add(name)) {
              found.put(name, slot.shown());
            }
          });
    }
    return found;
  }

  /**
   * CONFIG SET: all of the pairs or none.
   *
   * @param pairs names and values in turn
   * @return the text of the error without its code, or nothing when all was set
   */
  public Optional<String> set(List<String> pairs) {
    List<Change<?>> changes = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i += 2) {
      String name = pairs.get(i);
      Slot<?> slot = byName.get(name.toLowerCase(Locale.ROOT));
      if (slot == null) {
        return Optional.of("Unknown option or number of arguments for CONFIG SET - '" + name + "'");
      }
      if (changes.stream().anyMatch(earlier -> earlier.isOf(slot))) {
        return failed(name, "duplicate parameter");
      }
      if (!slot.directive.mutable()) {
        return failed(name, "can't set immutable config");
      }
      if (slot.directive.guarded() && !guardedMayChange()) {
        return failed(name, "can't set protected config");
      }
      try {
        changes.add(change(slot, name, pairs.get(i + 1)));
      } catch (BadValue e) {
        return failed(name, e.getMessage());
      }
    }
    return apply(changes);
  }

  /** The directive of that name in any spelling and case, or null. */
  Directive<?> find(String name) {
    Slot<?> slot = byName.get(name.toLowerCase(Locale.ROOT));
    return slot == null ? null : slot.directive;
  }

  /** Takes one line of the file. */
  void load(Directive<?> directive, List<String> words) throws BadValue {
    slot(directive).load(words);
  }

  /**
   * Directives that were given another value than their default and have no effect here, for one
   * line of the log.
   */
  public List<String> withoutEffect() {
    List<String> names = new ArrayList<>();
    byName.forEach(
        (name, slot) -> {
          boolean inert = slot.directive.support() == Support.NO_EFFECT;
          if (inert && name.equals(slot.directive.name()) && slot.isChanged()) {
            names.add(name);
          }
        });
    return names;
  }

  /** Names and shown values of what differs from the default, in the order of the table. */
  Map<Directive<?>, String> changed() {
    Map<Directive<?>, String> changed = new LinkedHashMap<>();
    byName.values().stream()
        .filter(Slot::isChanged)
        .forEach(slot -> changed.put(slot.directive, slot.shown()));
    return changed;
  }

  private static Optional<String> apply(List<Change<?>> changes) {
    for (int i = 0; i < changes.size(); i++) {
      try {
        changes.get(i).apply();
      } catch (BadValue refused) {
        StringBuilder why = new StringBuilder(refused.getMessage());
        for (int j = i; j >= 0; j--) {
          why.append(changes.get(j).takeBack());
        }
        return failed(changes.get(i).name, why.toString());
      }
    }
    return Optional.empty();
  }

  private boolean guardedMayChange() {
    Slot<?> guard = byName.get(Directives.ENABLE_PROTECTED_CONFIGS.name());
    return guard != null && !guard.value.equals("no");
  }

  private static Optional<String> failed(String name, String why) {
    return Optional.of("CONFIG SET failed (possibly related to argument '" + name + "') - " + why);
  }

  private static <T> Change<T> change(Slot<T> slot, String name, String text) throws BadValue {
    // CONFIG SET gives one argument where a file has several words.
    List<String> words =
        slot.directive.kind().takesMany() ? List.of(text.split(" ", -1)) : List.of(text);
    return new Change<>(slot, name, slot.read(words));
  }

  /** Safe because a slot is made from its directive and never changes it. */
  @SuppressWarnings("unchecked")
  private <T> Slot<T> slot(Directive<T> directive) {
    Slot<?> slot = byName.get(directive.name());
    if (slot == null) {
      throw new IllegalArgumentException("no such directive in this table: " + directive.name());
    }
    return (Slot<T>) slot;
  }

  /** A directive and its value. */
  private static final class Slot<T> {
    private final Directive<T> directive;
    private T value;
    private boolean given;
    private Taker<T> check = any -> {};
    private Taker<T> effect = any -> {};

    Slot(Directive<T> directive) {
      this.directive = directive;
      this.value = directive.initial();
    }

    T read(List<String> words) throws BadValue {
      T read = directive.parse(words);
      check.take(read);
      return read;
    }

    void load(List<String> words) throws BadValue {
      T read = read(words);
      value = given ? directive.kind().after(value, read) : read;
      given = true;
    }

    String shown() {
      return directive.kind().show(value);
    }

    boolean isChanged() {
      return !value.equals(directive.initial());
    }
  }

  /** A value on its way into a slot. */
  private static final class Change<T> {
    private final Slot<T> slot;
    private final String name;
    private final T later;
    private final T earlier;

    Change(Slot<T> slot, String name, T later) {
      this.slot = slot;
      this.name = name;
      this.later = later;
      this.earlier = slot.value;
    }

    boolean isOf(Slot<?> other) {
      return slot.equals(other);
    }

    void apply() throws BadValue {
      slot.value = later;
      slot.effect.take(later);
      slot.given = true;
    }

    /** Puts the earlier value back; what to add to the error when that fails as well. */
    String takeBack() {
      slot.value = earlier;
      try {
        slot.effect.take(earlier);
        return "";
      } catch (BadValue again) {
        return "; the earlier value of '" + name + "' failed too: " + again.getMessage();
      }
    }
  }
}
