package io.watchword.bytes;

/**
 * Glob patterns of KEYS, SCAN, PSUBSCRIBE and CONFIG GET: {@code *}, {@code ?}, {@code [a-z]},
 * {@code [^a]}, and a backslash that takes the next byte as it is.
 *
 * <p>Matching remembers only the last star, so a pattern of many stars costs length times length at
 * most and never exponential time.
 */
public final class Glob {
  private Glob() {}

  /** Whether the whole text matches the whole pattern. */
  public static boolean matches(Bytes pattern, byte[] text, int offset, int length) {
    return matches(pattern.array(), text, offset, length, false);
  }

  /** The same, with ASCII letters equal in both cases when {@code anyCase}. */
  public static boolean matches(
      byte[] pattern, byte[] text, int offset, int length, boolean anyCase) {
    int p = 0;
    int t = offset;
    int end = offset + length;
    int starAt = -1;
    int starText = 0;
    while (t < end) {
      if (p < pattern.length && pattern[p] == '*') {
        starAt = p++;
        starText = t;
        continue;
      }
      if (p < pattern.length && one(pattern, p, text[t], anyCase)) {
        p = next(pattern, p);
        t++;
        continue;
      }
      if (starAt < 0) {
        return false;
      }
      p = starAt + 1;
      t = ++starText;
    }
    while (p < pattern.length && pattern[p] == '*') {
      p++;
    }
    return p == pattern.length;
  }

  /** Whether the pattern element at {@code p}, which is no star, takes {@code c}. */
  private static boolean one(byte[] pattern, int p, byte c, boolean anyCase) {
    return switch (pattern[p]) {
      case '?' -> true;
      case '[' -> inSet(pattern, p + 1, fold(c, anyCase), anyCase);
      case '\\' -> fold(pattern[p + 1 < pattern.length ? p + 1 : p], anyCase) == fold(c, anyCase);
      default -> fold(pattern[p], anyCase) == fold(c, anyCase);
    };
  }

  private static boolean inSet(byte[] pattern, int from, int c, boolean anyCase) {
    int p = from;
    boolean not = p < pattern.length && pattern[p] == '^';
    if (not) {
      p++;
    }
    boolean found = false;
    // A set that is never closed runs to the end of the pattern, as in Redis.
    for (; p < pattern.length && pattern[p] != ']'; p++) {
      if (pattern[p] == '\\' && p + 1 < pattern.length) {
        p++;
        found |= fold(pattern[p], anyCase) == c;
      } else if (p + 2 < pattern.length && pattern[p + 1] == '-') {
        int low = fold(pattern[p], anyCase);
        int high = fold(pattern[p + 2], anyCase);
        found |= c >= Math.min(low, high) && c <= Math.max(low, high);
        p += 2;
      } else {
        found |= fold(pattern[p], anyCase) == c;
      }
    }
    return found != not;
  }

  /** Index of the element after the one at {@code p}. */
  private static int next(byte[] pattern, int p) {
    if (pattern[p] == '\\' && p + 1 < pattern.length) {
      return p + 2;
    }
    if (pattern[p] != '[') {
      return p + 1;
    }
    int i = p + 1;
    while (i < pattern.length && pattern[i] != ']') {
      if (pattern[i] == '\\' && i + 1 < pattern.length) {
        i++;
      } else if (i + 2 < pattern.length && pattern[i + 1] == '-') {
        i += 2;
      }
      i++;
    }
    return Math.min(i + 1, pattern.length);
  }

  private static int fold(byte c, boolean anyCase) {
    return (anyCase ? Ascii.upper(c) : c) & 0xFF;
  }
}
