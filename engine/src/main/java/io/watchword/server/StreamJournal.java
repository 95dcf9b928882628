package io.watchword.server;

import io.watchword.command.Journal;
import io.watchword.replication.StreamWriter;

/** Hands what the dispatcher tells to the replication stream, once there is one. */
public final class StreamJournal implements Journal {
  private StreamWriter stream;

  /** From now on changes go to this stream. */
  public void to(StreamWriter writer) {
    stream = writer;
  }

  @Override
  public boolean wanted() {
    return stream != null && stream.isOn();
  }

  @Override
  public int database() {
    return stream == null ? StreamWriter.NO_DB : stream.db();
  }

  @Override
  public long end() {
    return stream == null ? 0 : stream.end();
  }

  @Override
  public void append(byte[] bytes, int from, int to, int database) {
    stream.append(bytes, from, to, database);
  }
}
