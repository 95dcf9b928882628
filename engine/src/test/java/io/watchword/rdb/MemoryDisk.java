package io.watchword.rdb;

import io.watchword.sys.Disk;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;

/**
 * A disk that stops at its n-th operation and then, as after a power cut, forgets what was not
 * synced: a file's unsynced bytes (all, or all but a torn part) and unsynced renames.
 */
public final class MemoryDisk implements Disk {
  private static final class Content {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private int syncedLength;
  }

  private final Map<String, Content> files = new TreeMap<>();
  private Map<String, Content> durable = new TreeMap<>();
  private long operationsLeft = Long.MAX_VALUE;
  private long operations;

  /** From now on {@code n} operations succeed; all after them fail. */
  public void stopAfter(long n) {
    operationsLeft = n;
    operations = 0;
  }

  public long operations() {
    return operations;
  }

  private void operation() throws IOException {
    if (operations == operationsLeft) {
      throw new IOException("the disk stopped");
    }
    operations++;
  }

  /**
   * The power comes back.
   *
   * @param tornBytes of each file's unsynced end that reached the device all the same
   */
  public void reopen(int tornBytes) {
    operationsLeft = Long.MAX_VALUE;
    files.clear();
    durable.forEach(
        (name, content) -> {
          byte[] all = content.written.toByteArray();
          int kept = Math.min(all.length, content.syncedLength + tornBytes);
          Content after = new Content();
          after.written.write(all, 0, kept);
          after.syncedLength = kept;
          files.put(name, after);
        });
    durable = new TreeMap<>(files);
  }

  public byte[] content(String name) {
    return files.get(name).written.toByteArray();
  }

  public void put(String name, byte[] bytes) {
    Content content = new Content();
    content.written.writeBytes(bytes);
    content.syncedLength = bytes.length;
    files.put(name, content);
    durable.put(name, content);
  }

  @Override
  public boolean exists(String name) {
    return files.containsKey(name);
  }

  @Override
  public long length(String name) {
    return exists(name) ? files.get(name).written.size() : -1;
  }

  @Override
  public InputStream read(String name) throws IOException {
    if (!exists(name)) {
      throw new FileNotFoundException(name);
    }
    return new ByteArrayInputStream(content(name));
  }

  @Override
  public Out create(String name) throws IOException {
    operation();
    Content content = new Content();
    files.put(name, content);
    // A new name may or may not survive a cut; that it does is the harder case to get right.
    durable.put(name, content);
    return new Out() {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        operation();
        content.written.write(bytes, offset, length);
      }

      @Override
      public void sync() throws IOException {
        operation();
        content.syncedLength = content.written.size();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void rename(String from, String to) throws IOException {
    operation();
    files.put(to, files.remove(from));
  }

  @Override
  public void delete(String name) throws IOException {
    operation();
    files.remove(name);
  }

  @Override
  public void syncFolder() throws IOException {
    operation();
    durable = new TreeMap<>(files);
  }
}
