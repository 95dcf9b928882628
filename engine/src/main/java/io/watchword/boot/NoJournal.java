package io.watchword.boot;

import io.watchword.command.Journal;

/** Nobody is told of changes. */
final class NoJournal implements Journal {
  @Override
  public boolean wanted() {
    return false;
  }

  @Override
  public int database() {
    return -1;
  }

  @Override
  public void append(byte[] bytes, int from, int to, int database) {}
}
