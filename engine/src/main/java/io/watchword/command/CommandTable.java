package io.watchword.command;

import io.watchword.bytes.Ascii;
import io.watchword.bytes.Raw;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds rows by name. Names of up to eight letters, nearly all, are compared as one word; longer
 * ones go through a map.
 */
public final class CommandTable {
  private static final long UPPER = 0xDFDF_DFDF_DFDF_DFDFL;
  private static final int SLOTS = 1024;

  private final long[] packed = new long[SLOTS];
  private final Command[] rows = new Command[SLOTS];
  private final Map<String, Command> byName = new TreeMap<>();
  private final List<Command> inOrder = new ArrayList<>();
  private int counters;

  /**
   * @throws IllegalArgumentException when two rows have one name
   */
  public CommandTable(Collection<Command> commands) {
    for (Command command : commands) {
      if (byName.put(command.name(), command) != null) {
        throw new IllegalArgumentException("two rows named " + command.name());
      }
      inOrder.add(command);
      if (command.name().length() <= 8) {
        long key = pack(command.name());
        int i = slot(key);
        while (rows[i] != null) {
          i = (i + 1) & (SLOTS - 1);
        }
        packed[i] = key;
        rows[i] = command;
      }
    }
    number();
  }

  /** Gives every row and subcommand its counter: containers and plain rows first. */
  private void number() {
    int next = 0;
    for (Command command : inOrder) {
      command.id(next++);
    }
    for (Command command : inOrder) {
      for (Command sub : command.subcommands()) {
        sub.id(next++);
      }
    }
    counters = next;
  }

  /** Number of counters that rows and subcommands need. */
  public int counters() {
    return counters;
  }

  /** All rows, in the order of the table. */
  public List<Command> all() {
    return inOrder;
  }

  /** The row of a name in any case, or null. */
  public Command find(String name) {
    return byName.get(name.toUpperCase(Locale.ROOT));
  }

  /** The row of a name that is a slice, or null. */
  public Command find(byte[] b, int at, int length) {
    if (length == 0 || length > 8 || at + 8 > b.length) {
      return length > 64 ? null : findSlowly(b, at, length);
    }
    long key = Raw.getLong(b, at) & (-1L >>> (64 - 8 * length)) & UPPER;
    for (int i = slot(key); rows[i] != null; i = (i + 1) & (SLOTS - 1)) {
      if (packed[i] == key) {
        return Ascii.is(b, at, length, rows[i].name()) ? rows[i] : null;
      }
    }
    return null;
  }

  private Command findSlowly(byte[] b, int at, int length) {
    StringBuilder name = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      name.append((char) Ascii.upper(b[at + i]));
    }
    return byName.get(name.toString());
  }

  private static long pack(String name) {
    long key = 0;
    for (int i = name.length() - 1; i >= 0; i--) {
      key = key << 8 | name.charAt(i);
    }
    return key & UPPER;
  }

  private static int slot(long key) {
    return (int) (key * 0x9E37_79B9_7F4A_7C15L >>> 54);
  }
}
