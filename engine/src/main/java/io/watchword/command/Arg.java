package io.watchword.command;

import java.util.List;

/** The grammar of a command's arguments: what COMMAND DOCS prints and generated calls follow. */
public sealed interface Arg {
  /** A value of a kind: key, string, integer, double, pattern, unix-time. */
  record Value(String name, String kind) implements Arg {}

  /** A literal word. */
  record Word(String word) implements Arg {}

  /** An option that may be left out. */
  record Optional(Arg inner) implements Arg {}

  /** Exactly one of several. */
  record OneOf(String name, List<Arg> choices) implements Arg {}

  /** Several in a row. */
  record Block(String name, List<Arg> parts) implements Arg {}

  /** One or more times. */
  record Many(Arg inner) implements Arg {}

  static Arg key(String name) {
    return new Value(name, "key");
  }

  static Arg string(String name) {
    return new Value(name, "string");
  }

  static Arg integer(String name) {
    return new Value(name, "integer");
  }

  static Arg fraction(String name) {
    return new Value(name, "double");
  }

  static Arg pattern(String name) {
    return new Value(name, "pattern");
  }

  static Arg time(String name) {
    return new Value(name, "unix-time");
  }

  static Arg word(String word) {
    return new Word(word);
  }

  static Arg opt(Arg inner) {
    return new Optional(inner);
  }

  static Arg oneOf(String name, Arg... choices) {
    return new OneOf(name, List.of(choices));
  }

  static Arg block(String name, Arg... parts) {
    return new Block(name, List.of(parts));
  }

  static Arg many(Arg inner) {
    return new Many(inner);
  }
}
