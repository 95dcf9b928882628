package io.watchword.replication;

import io.watchword.sys.Log;
import java.util.List;

/** What a node's replication wants done, in this order. */
public sealed interface ReplicationEffect {
  void on(Port port);

  /** Performs effects. */
  interface Port {
    void linkTo(String host, int port);

    void unlink();

    void apply(Units units);

    void feed(int id);

    void reply(int id, String line);

    void close(int id);

    void startSnapshot(boolean diskless, List<Integer> ids);

    void ping();

    void log(Log.Level level, String text);
  }

  /** Attach to this master. */
  record LinkTo(String host, int port) implements ReplicationEffect {
    @Override
    public void on(Port p) {
      p.linkTo(host, port);
    }
  }

  /** Follow nobody. */
  record Unlink() implements ReplicationEffect {
    @Override
    public void on(Port p) {
      p.unlink();
    }
  }

  /** Run the commands of these units. */
  record Apply(Units units) implements ReplicationEffect {
    @Override
    public void on(Port p) {
      p.apply(units);
    }
  }

  /** There is more of the stream for this replica. */
  record Feed(int id) implements ReplicationEffect {
    @Override
    public void on(Port p) {
      p.feed(id);
    }
  }

  /** Send a line to a replica; the line end is added. */
  record Reply(int id, String line) implements ReplicationEffect {
    @Override
    public void on(Port p) {
      p.reply(id, line);
    }
  }

  /** Close a replica's connection; it is no longer one of ours. */
  record Close(int id) implements ReplicationEffect {
    @Override
    public void on(Port p) {
      p.close(id);
    }
  }

  /**
   * Make a snapshot for these replicas. When it can begin at once the answer is SnapshotBegan
   * within this call, later SnapshotEnded; otherwise there is no answer and the next tick asks
   * again.
   */
  record StartSnapshot(boolean diskless, List<Integer> ids) implements ReplicationEffect {
    @Override
    public void on(Port p) {
      p.startSnapshot(diskless, ids);
    }
  }

  /** Write a PING to the stream. */
  record Ping() implements ReplicationEffect {
    @Override
    public void on(Port p) {
      p.ping();
    }
  }

  /** Write a line to the log. */
  record Say(Log.Level level, String text) implements ReplicationEffect {
    @Override
    public void on(Port p) {
      p.log(level, text);
    }
  }
}
