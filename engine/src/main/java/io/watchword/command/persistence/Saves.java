package io.watchword.command.persistence;

/** What the persistence commands ask of the server. Command thread only. */
public interface Saves {
  /** Whether a snapshot is being made, into the file or for replicas. */
  boolean isSaving();

  /** Saves before it returns; false when that failed, and the log says why. */
  boolean saveNow();

  /** Begins a save in the background; none may be running. */
  void begin();

  /** Begins one as soon as none is running and no command. */
  void schedule();

  /** When the last save succeeded or else the server started, seconds since the epoch. */
  long lastSaveSeconds();
}
