package io.watchword.sys;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * One folder of files, the server's {@code dir}. Names are plain file names inside it.
 *
 * <p>The durable way to replace a file is: {@link #create} a temporary name, write, {@link
 * Out#sync}, close, {@link #rename} over the old name, {@link #syncFolder}. The simulated disk
 * loses whatever was not synced when it is told to crash.
 */
public interface Disk {
  /** Whether a file of that name is there. */
  boolean exists(String name);

  /** Length in bytes, or -1 when there is no such file. */
  long length(String name);

  /** Opens a file from its start; fails when it is not there. */
  InputStream read(String name) throws IOException;

  /** Creates or empties a file. */
  Out create(String name) throws IOException;

  /** Replaces {@code to} by {@code from} in one step. */
  void rename(String from, String to) throws IOException;

  /** Removes a file; harmless when it is not there. */
  void delete(String name) throws IOException;

  /** Makes renames and removals durable. */
  void syncFolder() throws IOException;

  /** A file that is being written, front to back. */
  interface Out extends Closeable {
    void write(byte[] bytes, int offset, int length) throws IOException;

    /** Returns once everything written so far is on the device. */
    void sync() throws IOException;
  }
}
