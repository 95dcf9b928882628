package io.watchword.config;

import java.util.List;

/**
 * The values that a directive can have: how they are read and how they are shown.
 *
 * @param <T> the value as the server uses it; equal values are {@code equals}
 */
public interface Kind<T> {
  /** The value that these words mean. */
  T parse(List<String> words) throws BadValue;

  /** The form that CONFIG GET answers and that {@link #parse} takes back. */
  String show(T value);

  /** What may be written, for the documentation: {@code yes|no}, {@code 0..65535}. */
  String grammar();

  /** Whether a line may hold several words; otherwise exactly one is wanted. */
  default boolean takesMany() {
    return false;
  }

  /** The value after the second and every further line of a file that names the directive. */
  default T after(T earlier, T latest) {
    return latest;
  }
}
