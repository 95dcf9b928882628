package io.watchword.command;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * One row of the command table: everything the outside may ask about a command, and its body. The
 * gate, INFO, COMMAND, the docs and the generated tests all read rows; nothing is said twice.
 *
 * <p>A row is built once at class initialization and not changed after that.
 */
public final class Command {
  private final String name;
  private final int arity;
  private final EnumSet<Flag> flags;
  private final List<String> extraCategories = new ArrayList<>();
  private final List<Command> subcommands = new ArrayList<>();
  private Group group = Group.GENERIC;
  private String since = "";
  private String summary = "";
  private String complexity = "";
  private List<KeySpec> keys = List.of();
  private List<Arg> args = List.of();
  private Body body;
  private int id = -1;
  private boolean writes;
  private boolean growsMemory;
  private boolean runsInsideMulti;
  private boolean tellsReplicas;
  private boolean runsWhilePaused;
  private String fullWord;

  private Command(String name, int arity, Flag first) {
    this.name = name.toUpperCase(Locale.ROOT);
    this.arity = arity;
    this.flags = first == null ? EnumSet.noneOf(Flag.class) : EnumSet.of(first);
    this.fullWord = word();
  }

  /**
   * A command that may change the keyspace.
   *
   * @param arity exact number of arguments, the name included; negative: at least that many
   */
  public static Command write(String name, int arity) {
    return new Command(name, arity, Flag.WRITE);
  }

  /** A command that reads the keyspace. */
  public static Command read(String name, int arity) {
    return new Command(name, arity, Flag.READONLY);
  }

  /** A command that is about the connection, the server or channels. */
  public static Command other(String name, int arity) {
    return new Command(name, arity, null);
  }

  public Command flags(Flag... more) {
    flags.addAll(List.of(more));
    return this;
  }

  /** Constant or logarithmic time. */
  public Command fast() {
    return flags(Flag.FAST);
  }

  /** May take more memory. */
  public Command grows() {
    return flags(Flag.DENYOOM);
  }

  /** The group, and the version of Redis that had it first. */
  public Command in(Group group, String since) {
    this.group = group;
    this.since = since;
    return this;
  }

  /** One sentence on what it does. */
  public Command says(String summary) {
    this.summary = summary;
    return this;
  }

  /** Time complexity as docs print it, such as {@code O(1)}. */
  public Command costs(String complexity) {
    this.complexity = complexity;
    return this;
  }

  public Command keys(KeySpec... keys) {
    this.keys = List.of(keys);
    return this;
  }

  public Command args(Arg... args) {
    this.args = List.of(args);
    return this;
  }

  /** ACL categories that do not follow from group and flags, such as {@code @dangerous}. */
  public Command category(String... names) {
    extraCategories.addAll(List.of(names));
    return this;
  }

  /** Makes this a container: the second argument picks the row. */
  public Command sub(Command... rows) {
    for (Command row : rows) {
      row.fullWord = word() + "|" + row.word();
      subcommands.add(row);
    }
    return this;
  }

  /** Runs at once between MULTI and EXEC, where others are queued. */
  public Command atOnceInMulti() {
    runsInsideMulti = true;
    return this;
  }

  /** It changes no key and still reaches replicas, so it waits while the stream is paused. */
  public Command toReplicasToo() {
    tellsReplicas = true;
    return this;
  }

  /** It runs even while every client is paused. */
  public Command evenWhilePaused() {
    runsWhilePaused = true;
    return this;
  }

  public Command runs(Body body) {
    this.body = body;
    this.writes = flags.contains(Flag.WRITE);
    this.growsMemory = flags.contains(Flag.DENYOOM);
    return this;
  }

  /** Upper case; of a subcommand without its container. */
  public String name() {
    return name;
  }

  /** Lower case, as replies print it. */
  public String word() {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Lower case, of a subcommand behind its container: {@code config|get}. */
  public String fullWord() {
    return fullWord;
  }

  public int arity() {
    return arity;
  }

  /** Whether a call of {@code argc} arguments has the right number. */
  public boolean accepts(int argc) {
    return arity >= 0 ? argc == arity : argc >= -arity;
  }

  public boolean has(Flag flag) {
    return flags.contains(flag);
  }

  boolean writes() {
    return writes;
  }

  /** Whether a pause of that kind holds it back; an EXEC by what was queued. */
  boolean waitsFor(Pause pause) {
    return switch (pause) {
      case NONE -> false;
      case WRITES -> writes;
      case STREAM -> writes || tellsReplicas;
      case ALL -> !runsWhilePaused;
    };
  }

  boolean growsMemory() {
    return growsMemory;
  }

  boolean runsInsideMulti() {
    return runsInsideMulti;
  }

  public Set<Flag> flags() {
    return EnumSet.copyOf(flags);
  }

  public Group group() {
    return group;
  }

  public String since() {
    return since;
  }

  public String summary() {
    return summary;
  }

  public String complexity() {
    return complexity;
  }

  public List<KeySpec> keys() {
    return keys;
  }

  public List<Arg> args() {
    return args;
  }

  public List<Command> subcommands() {
    return subcommands;
  }

  /** Index of the row in the table, for counters. */
  public int id() {
    return id;
  }

  void id(int index) {
    id = index;
  }

  Body body() {
    return body;
  }

  /** ACL categories, sorted: from group, flags and those set by hand. */
  public Set<String> categories() {
    if (body == null) {
      // A container does nothing itself: its rows are judged.
      return new TreeSet<>(List.of("@slow"));
    }
    Set<String> all = new TreeSet<>(extraCategories);
    if (has(Flag.WRITE)) {
      all.add("@write");
    }
    if (has(Flag.READONLY) && group != Group.SCRIPTING) {
      all.add("@read");
    }
    if (has(Flag.ADMIN)) {
      all.add("@admin");
      all.add("@dangerous");
    }
    if (has(Flag.PUBSUB)) {
      all.add("@pubsub");
    }
    all.add(has(Flag.FAST) ? "@fast" : "@slow");
    switch (group) {
      case GENERIC -> all.add("@keyspace");
      case SORTED_SET -> all.add("@sortedset");
      case TRANSACTIONS -> all.add("@transaction");
      case PUBSUB, SERVER, REPLICATION, PERSISTENCE -> {}
      case STRING, LIST, SET, HASH, CONNECTION, SCRIPTING, HYPERLOGLOG, GEO, STREAM, BITMAP ->
          all.add("@" + group.word());
    }
    return all;
  }
}
