package io.watchword.command;

import io.watchword.bytes.Bytes;
import io.watchword.resp.RespWriter;

/**
 * What one client command, or one MULTI, tells replicas: lazy deletions first, then the body's
 * words. When there are several commands they travel as MULTI ... EXEC, so that a replica applies
 * all or none. Used by the command thread.
 */
public final class Unit {
  private static final byte[] MULTI = RespWriter.ascii("*1\r\n$5\r\nMULTI\r\n");
  private static final byte[] EXEC = RespWriter.ascii("*1\r\n$4\r\nEXEC\r\n");

  private final RespWriter words = new RespWriter(1 << 12);
  private final Journal journal;
  private final RespWriter selection = new RespWriter(32);
  private int commands;
  private int first;
  private int database;

  Unit(Journal journal) {
    this.journal = journal;
  }

  boolean isEmpty() {
    return commands == 0;
  }

  /**
   * Begins a command of {@code argc} words for a database; the words follow. Only when the journal
   * wants them: a value copied for nobody would be the dearest part of its command.
   */
  public RespWriter command(int database, int argc) {
    begin(database);
    words.array(argc);
    return words;
  }

  /** A whole command. */
  public void command(int database, Object... args) {
    if (!journal.wanted()) {
      return;
    }
    RespWriter w = command(database, args.length);
    for (Object arg : args) {
      if (arg instanceof Bytes bytes) {
        w.bulk(bytes);
      } else if (arg instanceof byte[] array) {
        w.bulk(array);
      } else if (arg instanceof Number number) {
        w.bulk(number.longValue());
      } else {
        w.bulk(arg.toString());
      }
    }
  }

  /** A command already encoded. */
  void encoded(int database, byte[] bytes, int from, int to) {
    begin(database);
    words.raw(bytes, from, to - from);
  }

  private void begin(int wanted) {
    assert journal.wanted() : "words for nobody";
    if (commands == 0) {
      // MULTI goes first, to be skipped if the unit stays a lone command.
      words.raw(MULTI);
      first = wanted;
      database = wanted;
    }
    if (wanted != database) {
      select(words, wanted);
      database = wanted;
    }
    commands++;
  }

  private static void select(RespWriter words, int database) {
    words.array(2);
    words.bulk("SELECT");
    words.bulk(database);
  }

  /** One more word of the command begun last. */
  public void word(byte[] bytes, int offset, int length) {
    words.bulk(bytes, offset, length);
  }

  /** How long it is so far. */
  int bytes() {
    return words.size();
  }

  /** Hands the unit to the journal and becomes empty, also when it cannot. */
  void close() {
    if (commands == 0) {
      return;
    }
    try {
      append();
    } finally {
      commands = 0;
      words.clear();
    }
  }

  private void append() {
    if (journal.wanted()) {
      if (first != journal.database()) {
        // A SELECT in front is a unit of its own, as Redis sends it.
        selection.clear();
        select(selection, first);
        journal.append(selection.array(), 0, selection.size(), first);
      }
      boolean alone = commands == 1 && database == first;
      if (!alone) {
        words.raw(EXEC);
      }
      journal.append(words.array(), alone ? MULTI.length : 0, words.size(), database);
    }
  }
}
