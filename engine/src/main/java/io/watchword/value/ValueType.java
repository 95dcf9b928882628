package io.watchword.value;

/** The types of values, in the order of Redis's object types; the order is stored in entries. */
public enum ValueType {
  STRING("string"),
  LIST("list"),
  SET("set"),
  ZSET("zset"),
  HASH("hash"),
  MODULE("module"),
  STREAM("stream");

  private static final ValueType[] ALL = values();
  private final String word;

  ValueType(String word) {
    this.word = word;
  }

  /** What TYPE answers. */
  public String word() {
    return word;
  }

  public static ValueType at(int ordinal) {
    return ALL[ordinal];
  }
}
