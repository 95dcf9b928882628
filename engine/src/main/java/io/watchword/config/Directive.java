package io.watchword.config;

import java.util.ArrayList;
import java.util.List;

/**
 * One row of the table: a directive's names, values, default, and what giving it does.
 *
 * <p>A row is a value; the methods that change something return another row.
 *
 * @param name the name, in lower case
 * @param kind how its values are read and shown
 * @param initial its value when nobody gives one
 * @param aliases older spellings, which are known wherever the name is
 * @param mutable whether CONFIG SET may change it
 * @param guarded whether CONFIG SET also needs {@code enable-protected-configs}
 * @param support what giving it does
 * @param because why it has no effect, or the name of the feature that is not built
 * @param off shown values besides the initial one that leave a feature off that is not built
 */
public record Directive<T>(
    String name,
    Kind<T> kind,
    T initial,
    List<String> aliases,
    boolean mutable,
    boolean guarded,
    Support support,
    String because,
    List<String> off) {

  /** A directive that is obeyed and that CONFIG SET may change. */
  static <T> Directive<T> of(String name, Kind<T> kind, T initial) {
    return new Directive<>(
        name, kind, initial, List.of(), true, false, Support.OBEYED, "", List.of());
  }

  /** The same under an older spelling too. */
  Directive<T> alias(String older) {
    List<String> more = new ArrayList<>(aliases);
    more.add(older);
    return new Directive<>(
        name, kind, initial, List.copyOf(more), mutable, guarded, support, because, off);
  }

  /** The same, fixed from the start of the server on. */
  Directive<T> fixed() {
    return new Directive<>(name, kind, initial, aliases, false, guarded, support, because, off);
  }

  /** The same, which CONFIG SET refuses unless {@code enable-protected-configs} allows it. */
  Directive<T> guardedOne() {
    return new Directive<>(name, kind, initial, aliases, mutable, true, support, because, off);
  }

  /** The same, without any effect here: {@code why} completes "it has no effect here because". */
  Directive<T> noEffect(String why) {
    return new Directive<>(
        name, kind, initial, aliases, mutable, guarded, Support.NO_EFFECT, why, off);
  }

  /** The same for a feature that is not built; {@code offToo} leave it off like the default. */
  Directive<T> notBuilt(String feature, String... offToo) {
    return new Directive<>(
        name,
        kind,
        initial,
        aliases,
        mutable,
        guarded,
        Support.NOT_BUILT,
        feature,
        List.of(offToo));
  }

  /** The value that the words mean, provided that what it asks for is built. */
  T parse(List<String> words) throws BadValue {
    T value = kind.parse(words);
    String shown = kind.show(value);
    if (support == Support.NOT_BUILT && !value.equals(initial) && !off.contains(shown)) {
      throw new BadValue(
          "'" + name + "' needs " + because + ", not built yet; accepted: " + acceptedValues());
    }
    return value;
  }

  /** The values that are accepted though the feature is not built, quoted for a message. */
  String acceptedValues() {
    StringBuilder accepted = new StringBuilder("'" + kind.show(initial) + "'");
    off.forEach(value -> accepted.append(" or '").append(value).append('\''));
    return accepted.toString();
  }
}
