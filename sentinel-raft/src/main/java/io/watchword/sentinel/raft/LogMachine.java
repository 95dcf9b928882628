package io.watchword.sentinel.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.error.RaftException;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import io.watchword.sentinel.core.Entry;
import io.watchword.sentinel.core.SentinelState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * What JRaft calls as entries are committed, all on its one state machine thread. It keeps a fold
 * of its own, so that a snapshot never waits for the sentinel's thread.
 */
final class LogMachine extends StateMachineAdapter {
  private static final String FILE = "state";
  private final RaftLog.Inbox inbox;
  private final Consumer<String> fatal;
  private SentinelState state = SentinelState.EMPTY;
  private long index;
  private volatile String loadFailure = "";

  /**
   * @param fatal told when this sentinel can no longer follow the log
   */
  LogMachine(RaftLog.Inbox inbox, Consumer<String> fatal) {
    this.inbox = inbox;
    this.fatal = fatal;
  }

  /** Why the snapshot that JRaft found was not loaded; empty when it was. */
  String loadFailure() {
    return loadFailure;
  }

  @Override
  public void onApply(Iterator entries) {
    while (entries.hasNext()) {
      ByteBuffer data = entries.getData();
      byte[] bytes = new byte[data.remaining()];
      data.duplicate().get(bytes);
      Entry entry;
      try {
        entry = EntryCodec.decode(bytes);
      } catch (IllegalArgumentException e) {
        // To skip an entry that others applied would be to hold another state than they.
        entries.setErrorAndRollback(1, new Status(RaftError.ESTATEMACHINE, e.getMessage()));
        return;
      }
      index = entries.getIndex();
      state = state.apply(entry).state();
      inbox.committed(index, entry);
      entries.next();
    }
  }

  @Override
  public void onSnapshotSave(SnapshotWriter writer, Closure done) {
    try {
      byte[] bytes = Snapshots.encode(new Snapshots.Snapshot(index, state));
      save(Path.of(writer.getPath(), FILE), bytes);
      boolean added = writer.addFile(FILE);
      done.run(added ? Status.OK() : new Status(RaftError.EIO, "cannot add " + FILE));
    } catch (IOException e) {
      done.run(new Status(RaftError.EIO, "cannot save the state: " + e.getMessage()));
    }
  }

  /** On disk before JRaft drops the entries that the snapshot stands for. */
  private static void save(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  @Override
  public boolean onSnapshotLoad(SnapshotReader reader) {
    Path file = Path.of(reader.getPath(), FILE);
    try {
      byte[] bytes = Files.readAllBytes(file);
      Snapshots.Snapshot snapshot = Snapshots.decode(bytes);
      index = snapshot.index();
      state = snapshot.state();
      inbox.restored(index, state);
      return true;
    } catch (IOException e) {
      loadFailure = "cannot load the snapshot " + file + ": " + e.getMessage();
      fatal.accept(loadFailure);
      return false;
    }
  }

  @Override
  public void onLeaderStart(long term) {
    inbox.elected(term);
  }

  @Override
  public void onLeaderStop(Status status) {
    inbox.deposed();
  }

  @Override
  public void onError(RaftException e) {
    fatal.accept(String.valueOf(e.getStatus()));
  }
}
