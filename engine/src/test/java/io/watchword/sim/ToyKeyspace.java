package io.watchword.sim;

import io.watchword.resp.RequestReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Databases of strings with SET and APPEND. APPEND makes the content depend on every command, its
 * order and its number; so equal digests mean equal histories.
 */
final class ToyKeyspace {
  private final TreeMap<Integer, TreeMap<String, String>> databases = new TreeMap<>();
  private int selected;

  /** Runs commands of a stream; unknown ones are a defect of the simulation. */
  void run(byte[] b, int from, int to) {
    RequestReader reader = new RequestReader();
    int at = from;
    while (at < to) {
      if (reader.read(b, at, to) != RequestReader.Status.READY) {
        throw new IllegalStateException("half a command was applied");
      }
      String[] words = words(reader, b);
      at += reader.scanned();
      reader.next();
      run(words);
    }
  }

  static String[] words(RequestReader reader, byte[] b) {
    String[] words = new String[reader.argc()];
    for (int i = 0; i < words.length; i++) {
      words[i] = new String(b, reader.offset(i), reader.length(i), StandardCharsets.ISO_8859_1);
    }
    return words;
  }

  private void run(String[] words) {
    switch (words[0]) {
      case "SELECT" -> selected = Integer.parseInt(words[1]);
      case "SET" -> database().put(words[1], words[2]);
      case "APPEND" -> database().merge(words[1], words[2], String::concat);
      case "MULTI", "EXEC", "PING", "REPLCONF" -> {}
      default -> throw new IllegalStateException("not a command: " + words[0]);
    }
  }

  void select(int db) {
    selected = db;
  }

  private TreeMap<String, String> database() {
    return databases.computeIfAbsent(selected, db -> new TreeMap<>());
  }

  /** All content, in order. */
  String content() {
    return databases.toString();
  }

  /** A snapshot as it is sent and saved; no key of it is ever half there. */
  byte[] snapshot() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (Map.Entry<Integer, TreeMap<String, String>> db : databases.entrySet()) {
        for (Map.Entry<String, String> entry : db.getValue().entrySet()) {
          out.writeInt(db.getKey());
          out.writeUTF(entry.getKey());
          out.writeUTF(entry.getValue());
        }
      }
      out.writeInt(-1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Replaces all content. */
  void load(byte[] snapshot) {
    databases.clear();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(snapshot))) {
      for (int db = in.readInt(); db >= 0; db = in.readInt()) {
        selected = db;
        database().put(in.readUTF(), in.readUTF());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
