package io.watchword.command;

import io.watchword.resp.RequestReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A journal that keeps every unit, as replicas would get it. */
public final class RecordingJournal implements Journal {
  private final List<byte[]> units = new ArrayList<>();
  private int database = -1;

  @Override
  public boolean wanted() {
    return true;
  }

  @Override
  public int database() {
    return database;
  }

  @Override
  public void append(byte[] bytes, int from, int to, int selected) {
    units.add(Arrays.copyOfRange(bytes, from, to));
    database = selected;
  }

  /** The units since the last {@link #forget}, encoded. */
  public List<byte[]> units() {
    return units;
  }

  /** Forgets the units; the selected database stays. */
  public void forget() {
    units.clear();
  }

  /** The commands of all units, one after the other, each as its words in Latin-1. */
  public List<List<String>> commands() {
    List<List<String>> all = new ArrayList<>();
    units.forEach(unit -> all.addAll(decode(unit)));
    return all;
  }

  /** The commands in a unit. */
  public static List<List<String>> decode(byte[] unit) {
    List<List<String>> all = new ArrayList<>();
    RequestReader reader = new RequestReader();
    for (int at = 0; at < unit.length; ) {
      if (reader.read(unit, at, unit.length) != RequestReader.Status.READY) {
        throw new AssertionError("a unit ends inside a command: " + latin(unit, 0, unit.length));
      }
      List<String> words = new ArrayList<>();
      for (int i = 0; i < reader.argc(); i++) {
        words.add(latin(unit, reader.offset(i), reader.length(i)));
      }
      all.add(words);
      at += reader.scanned();
      reader.next();
    }
    return all;
  }

  private static String latin(byte[] bytes, int offset, int length) {
    return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
  }
}
