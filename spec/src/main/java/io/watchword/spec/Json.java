package io.watchword.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one JSON value: objects as {@code Map}, arrays as {@code List}, whole numbers as {@code
 * Long}, texts as {@code String}, truth values as {@code Boolean}.
 *
 * <p>Of our own because nothing else on this class path reads JSON and traces need no more than
 * this. Stricter than the standard, since both writers are ours: fractions, {@code null} and a
 * field named twice are refused. Nesting ends at 32.
 */
public final class Json {
  private static final int DEPTH_MAX = 32;

  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /**
   * Reads a whole text.
   *
   * @throws IllegalArgumentException with the column if it is not such a value
   */
  public static Object read(String text) {
    Json json = new Json(text);
    Object value = json.value(0);
    json.skipSpace();
    if (json.at != text.length()) {
      throw json.malformed("something follows the value");
    }
    return value;
  }

  /** Reads a whole text that has to be an object. */
  public static Map<String, Object> readObject(String text) {
    return object(read(text), "the line");
  }

  /**
   * The value as an object.
   *
   * @param what names it in the error
   */
  @SuppressWarnings("unchecked")
  public static Map<String, Object> object(Object value, String what) {
    if (value instanceof Map<?, ?>) {
      return (Map<String, Object>) value;
    }
    throw new IllegalArgumentException(what + " is not an object");
  }

  /** The field {@code name} of {@code object}, which must be of the given type. */
  public static <T> T field(Map<String, Object> object, String name, Class<T> type) {
    Object value = object.get(name);
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(
          "field \"" + name + "\" is " + (value == null ? "missing" : "of another type"));
    }
    return type.cast(value);
  }

  private Object value(int depth) {
    if (depth > DEPTH_MAX) {
      throw malformed("nested too deep");
    }
    skipSpace();
    char first = at < text.length() ? text.charAt(at) : ' ';
    return switch (first) {
      case '{' -> objectValue(depth);
      case '[' -> arrayValue(depth);
      case '"' -> textValue();
      case 't' -> word("true", Boolean.TRUE);
      case 'f' -> word("false", Boolean.FALSE);
      default -> number();
    };
  }

  private Map<String, Object> objectValue(int depth) {
    Map<String, Object> fields = new LinkedHashMap<>();
    at++;
    if (taken('}')) {
      return fields;
    }
    do {
      skipSpace();
      String name = textValue();
      expect(':');
      if (fields.put(name, value(depth + 1)) != null) {
        throw malformed("field \"" + name + "\" is there twice");
      }
    } while (taken(','));
    expect('}');
    return fields;
  }

  private List<Object> arrayValue(int depth) {
    List<Object> items = new ArrayList<>();
    at++;
    if (taken(']')) {
      return items;
    }
    do {
      items.add(value(depth + 1));
    } while (taken(','));
    expect(']');
    return items;
  }

  private String textValue() {
    expect('"');
    StringBuilder out = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at++);
      out.append(c == '\\' ? escaped() : c);
    }
    expect('"');
    return out.toString();
  }

  private char escaped() {
    char c = at < text.length() ? text.charAt(at++) : ' ';
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'u' -> unicode();
      default -> throw malformed("unknown escape");
    };
  }

  private char unicode() {
    if (at + 4 > text.length()) {
      throw malformed("cut short");
    }
    at += 4;
    try {
      return (char) Integer.parseInt(text.substring(at - 4, at), 16);
    } catch (NumberFormatException e) {
      throw malformed("bad escape");
    }
  }

  private Long number() {
    int start = at;
    while (at < text.length() && "-0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    try {
      return Long.valueOf(text.substring(start, at));
    } catch (NumberFormatException e) {
      throw malformed("not a value that is read here");
    }
  }

  private Boolean word(String word, Boolean value) {
    if (!text.startsWith(word, at)) {
      throw malformed("not a value that is read here");
    }
    at += word.length();
    return value;
  }

  private boolean taken(char c) {
    skipSpace();
    boolean there = at < text.length() && text.charAt(at) == c;
    at += there ? 1 : 0;
    return there;
  }

  private void expect(char c) {
    if (!taken(c)) {
      throw malformed("'" + c + "' expected");
    }
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private IllegalArgumentException malformed(String why) {
    return new IllegalArgumentException("malformed JSON at column " + (at + 1) + ": " + why);
  }
}
