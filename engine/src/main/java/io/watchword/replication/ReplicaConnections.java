package io.watchword.replication;

import io.watchword.resp.Peer;
import io.watchword.resp.RespWriter;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The connections of replicas, and the bytes that flow to them. A connection is given at most
 * {@link #PENDING_BYTES_MAX} that the kernel has not taken; the rest of the stream stays in the
 * backlog, where all replicas read the same copy, and goes out when the connection has room again.
 *
 * <p>All calls on the command thread.
 */
public final class ReplicaConnections {
  private static final long PENDING_BYTES_MAX = 1 << 20;
  private static final int CHUNK_BYTES = 1 << 16;

  private final Backlog backlog;
  private final Replication replication;
  private final Consumer<ReplicationEvent> events;
  private final Map<Integer, Connection> byId = new LinkedHashMap<>();
  private List<Integer> group = List.of();
  private String mark = "";

  private static final class Connection {
    final Peer peer;
    InputStream file;

    Connection(Peer peer) {
      this.peer = peer;
    }
  }

  ReplicaConnections(Backlog backlog, Replication replication, Consumer<ReplicationEvent> events) {
    this.backlog = backlog;
    this.replication = replication;
    this.events = events;
  }

  /** Makes a connection known before its replica asks. */
  public void register(int id, Peer peer) {
    byId.put(id, new Connection(peer));
  }

  /** The connection is gone; harmless when it was none of ours. */
  public void closed(int id) {
    Connection gone = byId.remove(id);
    if (gone != null) {
      closeFile(gone);
      events.accept(new ReplicationEvent.Gone(id));
    }
  }

  /** The connection takes bytes again. */
  public void writable(int id) {
    Connection connection = byId.get(id);
    if (connection != null) {
      events.accept(new ReplicationEvent.Moved(id));
      sendFile(id, connection);
      feed(id);
    }
  }

  /** Gives a replica what the backlog has for it, as far as its connection takes it. */
  void feed(int id) {
    Connection connection = byId.get(id);
    Replica replica = replication.replicas().find(id);
    if (connection == null || replica == null || replica.state != Replica.State.ONLINE) {
      return;
    }
    Peer peer = connection.peer;
    long last = replication.history().offset();
    while (replica.next <= last && peer.pendingBytes() < PENDING_BYTES_MAX) {
      int n = backlog.run(replica.next, last);
      peer.send(backlog.block(replica.next), backlog.index(replica.next), n);
      replica.next += n;
    }
    peer.flush();
  }

  void reply(int id, String line) {
    Connection connection = byId.get(id);
    if (connection != null) {
      byte[] bytes = RespWriter.ascii(line.isEmpty() ? "\n" : line + "\r\n");
      connection.peer.send(bytes, 0, bytes.length);
      connection.peer.flush();
    }
  }

  void flush(int id) {
    Connection connection = byId.remove(id);
    if (connection != null) {
      connection.peer.flush();
    }
  }

  /** What the far end has not read by now is of no use to it: a replica asks again. */
  void close(int id) {
    Connection connection = byId.remove(id);
    if (connection != null) {
      closeFile(connection);
      connection.peer.abort();
    }
  }

  /** Asks for a snapshot; what comes of it is an event. */
  boolean startSnapshot(World world, boolean diskless, List<Integer> ids) {
    group = new ArrayList<>(ids);
    mark = diskless ? world.freshReplid() : "";
    return diskless
        ? world.streamSnapshot(new ToAll(group))
        : world.storeSnapshot(this::stored, why -> events.accept(ended(false)));
  }

  /** The replicas have been told the offset: the payload's header follows. */
  void snapshotBegan() {
    if (!mark.isEmpty()) {
      for (int id : group) {
        reply(id, "$EOF:" + mark);
      }
    }
  }

  private static ReplicationEvent ended(boolean whole) {
    return new ReplicationEvent.SnapshotEnded(whole);
  }

  private void stored(SnapshotFile file) {
    events.accept(ended(true));
    for (int id : group) {
      Connection connection = byId.get(id);
      if (connection == null) {
        continue;
      }
      try {
        connection.file = file.open();
        reply(id, "$" + file.length());
        sendFile(id, connection);
      } catch (IOException e) {
        connection.peer.abort();
      }
    }
  }

  private void sendFile(int id, Connection connection) {
    if (connection.file == null) {
      return;
    }
    try {
      byte[] chunk = new byte[CHUNK_BYTES];
      while (connection.peer.pendingBytes() < PENDING_BYTES_MAX) {
        int n = connection.file.read(chunk);
        if (n < 0) {
          closeFile(connection);
          events.accept(new ReplicationEvent.Delivered(id));
          return;
        }
        connection.peer.send(chunk, 0, n);
      }
      connection.peer.flush();
    } catch (IOException e) {
      // Half a snapshot is of no use: the replica asks again.
      connection.peer.abort();
    }
  }

  private static void closeFile(Connection connection) {
    try {
      if (connection.file != null) {
        connection.file.close();
      }
    } catch (IOException e) {
      // It was only read; there is nothing to lose.
      return;
    } finally {
      connection.file = null;
    }
  }

  /** One snapshot on its way to all that waited for it; the slowest sets the pace. */
  private final class ToAll implements SnapshotStream {
    private final List<Integer> ids;

    ToAll(List<Integer> ids) {
      this.ids = ids;
    }

    @Override
    public boolean wantsMore() {
      for (int id : ids) {
        Connection connection = byId.get(id);
        if (connection != null && connection.peer.pendingBytes() >= PENDING_BYTES_MAX) {
          return false;
        }
      }
      return true;
    }

    @Override
    public void part(byte[] b, int from, int to) {
      for (int id : ids) {
        Connection connection = byId.get(id);
        if (connection != null) {
          connection.peer.send(b, from, to - from);
          connection.peer.flush();
          events.accept(new ReplicationEvent.Moved(id));
        }
      }
    }

    @Override
    public void ended() {
      byte[] end = RespWriter.ascii(mark);
      part(end, 0, end.length);
      events.accept(ReplicaConnections.ended(true));
    }

    @Override
    public void failed(String why) {
      events.accept(ReplicaConnections.ended(false));
    }
  }
}
