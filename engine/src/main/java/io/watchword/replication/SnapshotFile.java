package io.watchword.replication;

import java.io.IOException;
import java.io.InputStream;

/** A finished snapshot that is sent from disk. */
public interface SnapshotFile {
  /** Bytes. */
  long length();

  /** Opens it from its start; each replica reads it for itself. */
  InputStream open() throws IOException;
}
