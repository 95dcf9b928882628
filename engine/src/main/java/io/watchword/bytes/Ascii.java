package io.watchword.bytes;

/** Comparing protocol words, which are ASCII and case-insensitive. */
public final class Ascii {
  private Ascii() {}

  /** Whether the slice is {@code word}, whose letters are upper case, in any case. */
  public static boolean is(byte[] b, int offset, int length, String word) {
    if (length != word.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (upper(b[offset + i]) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Upper case of one byte. */
  public static int upper(byte b) {
    return b >= 'a' && b <= 'z' ? b - 32 : b;
  }
}
