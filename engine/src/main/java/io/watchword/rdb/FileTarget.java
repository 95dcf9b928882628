package io.watchword.rdb;

import io.watchword.sys.Disk;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * A snapshot on its way into a file: written under a temporary name, synced, then renamed over the
 * old one and the folder synced. So at every moment one whole file stands under the name, the old
 * or the new.
 */
final class FileTarget implements SnapshotTarget {
  private final Disk disk;
  private final String temporary;
  private final String name;
  private final Consumer<Runnable> commandThread;
  private Disk.Out file;

  /**
   * @param commandThread runs a task on the command thread
   */
  FileTarget(Disk disk, String temporary, String name, Consumer<Runnable> commandThread) {
    this.disk = disk;
    this.temporary = temporary;
    this.name = name;
    this.commandThread = commandThread;
  }

  @Override
  public void open() throws IOException {
    try {
      file = disk.create(temporary);
    } catch (IOException e) {
      throw new IOException(
          "Failed opening the temp RDB file " + temporary + " for saving: " + e.getMessage(), e);
    }
  }

  @Override
  public void take(byte[] bytes, int length, Runnable consumed) throws IOException {
    try {
      file.write(bytes, 0, length);
    } catch (IOException e) {
      throw writeError(e);
    }
    commandThread.accept(consumed);
  }

  @Override
  public void finish(Runnable finished) throws IOException {
    try {
      file.sync();
      file.close();
      file = null;
    } catch (IOException e) {
      throw writeError(e);
    }
    try {
      disk.rename(temporary, name);
      disk.syncFolder();
    } catch (IOException e) {
      throw new IOException(
          "Error moving temp DB file "
              + temporary
              + " on the final destination "
              + name
              + ": "
              + e.getMessage(),
          e);
    }
    commandThread.accept(finished);
  }

  private static IOException writeError(IOException e) {
    return new IOException("Write error saving DB on disk: " + e.getMessage(), e);
  }

  @Override
  public void drop() {
    try {
      if (file != null) {
        file.close();
        file = null;
      }
      disk.delete(temporary);
    } catch (IOException e) {
      // A temporary file that cannot be removed is in nobody's way: the next start reads the name.
      file = null;
    }
  }
}
