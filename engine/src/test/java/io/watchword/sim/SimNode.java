package io.watchword.sim;

import io.watchword.os.NdjsonTrace;
import io.watchword.replication.History;
import io.watchword.replication.LinkSettings;
import io.watchword.replication.ReplicationEvent;
import io.watchword.replication.ReplicationNode;
import io.watchword.replication.ReplicationSettings;
import io.watchword.replication.Role;
import io.watchword.replication.Rules;
import io.watchword.replication.SnapshotFile;
import io.watchword.replication.SnapshotHead;
import io.watchword.replication.SnapshotStream;
import io.watchword.replication.Units;
import io.watchword.replication.World;
import io.watchword.resp.Conversation;
import io.watchword.resp.Peer;
import io.watchword.resp.Request;
import io.watchword.resp.RespService;
import io.watchword.sys.Log;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * A node of a simulated cluster: the real replication around a {@link ToyKeyspace}. What survives a
 * crash is what was saved: a snapshot, maybe an old one, and the role of the configuration.
 */
final class SimNode implements World {
  private static final int PORT = 1;

  private final Sim sim;
  private final SimNet net;
  private final String host;
  private final Rules rules;
  private final ReplicationSettings settings;
  private final NdjsonTrace trace;
  private final List<String> log = new ArrayList<>();

  private Saved saved;
  private ToyKeyspace keys;
  private ReplicationNode replication;
  private ByteArrayOutputStream payload;
  private int nextConnection;
  private int incarnation;
  private boolean snapshotRuns;
  private boolean loading;
  private boolean up;

  private record Saved(byte[] snapshot, History history, int db) {}

  SimNode(
      Sim sim,
      SimNet net,
      String host,
      Rules rules,
      ReplicationSettings settings,
      Appendable trace) {
    this.sim = sim;
    this.net = net;
    this.host = host;
    this.rules = rules;
    this.settings = settings;
    this.trace = new NdjsonTrace(trace, () -> sim.nowMs() * 1_000_000, log::add);
  }

  /** {@code host:port}, its name in traces. */
  String name() {
    return host + ":" + PORT;
  }

  String host() {
    return host;
  }

  ReplicationNode replication() {
    return replication;
  }

  boolean isMaster() {
    return up && replication.status().role() == Role.MASTER;
  }

  boolean isUp() {
    return up;
  }

  String content() {
    return keys.content();
  }

  List<String> log() {
    return log;
  }

  /** Starts with what was saved, as a master or as a replica of {@code masterHost}. */
  void start(String masterHost) {
    up = true;
    incarnation++;
    keys = new ToyKeyspace();
    payload = new ByteArrayOutputStream();
    snapshotRuns = false;
    loading = false;
    replication =
        new ReplicationNode(
            name(),
            rules,
            () -> settings,
            () -> new LinkSettings(PORT, "", "", settings.timeoutMs(), false),
            this,
            sim.clock(),
            trace);
    boolean master = masterHost.isEmpty();
    History history = saved == null ? null : saved.history();
    if (saved != null) {
      keys.load(saved.snapshot());
    }
    long offset = history == null ? 0 : history.offset();
    int db = saved == null ? 0 : saved.db();
    replication.start(
        new ReplicationEvent.Started(master, offset, history, db, 0, freshReplid(), true));
    net.listen(name(), this::accept);
    if (!master) {
      follow(masterHost);
    }
    tick(incarnation);
  }

  private void tick(int born) {
    if (up && born == incarnation) {
      replication.tick();
      sim.after(100, () -> tick(born));
    }
  }

  /** Kills the node and starts it again later with the role it had. */
  void crash() {
    crash(() -> {});
  }

  /** The same; {@code then} happens as soon as it is back. */
  void crash(Runnable then) {
    String master = replication.status().masterHost();
    up = false;
    net.crash(name());
    sim.after(
        sim.between(50, 3_000),
        () -> {
          start(master);
          then.run();
        });
  }

  /** Whether it is up and loads nothing. */
  boolean takesOrders() {
    return up && !loading;
  }

  void follow(String masterHost) {
    if (takesOrders()) {
      replication.follow(masterHost, PORT);
    }
  }

  void promote() {
    if (takesOrders()) {
      replication.promote();
    }
  }

  /** Saves what there is, with its history. */
  void save() {
    if (takesOrders() && replication.status().isWorthSaving()) {
      History h = replication.status().history();
      History kept = new History(h.replid(), History.NONE, -1, h.offset());
      saved = new Saved(keys.snapshot(), kept, replication.status().streamDb());
    }
  }

  /** A client's write, alone or as a transaction of several. */
  void write(int db, String token, int commands) {
    ByteArrayOutputStream unit = new ByteArrayOutputStream();
    if (commands > 1) {
      unit.writeBytes(Request.encode("MULTI"));
    }
    for (int i = 0; i < commands; i++) {
      unit.writeBytes(Request.encode("APPEND", "k" + i, token));
    }
    if (commands > 1) {
      unit.writeBytes(Request.encode("EXEC"));
    }
    byte[] bytes = unit.toByteArray();
    keys.select(db);
    keys.run(bytes, 0, bytes.length);
    if (replication.writer().db() != db) {
      byte[] select = Request.encode("SELECT", Integer.toString(db));
      replication.writer().append(select, 0, select.length, db);
    }
    replication.writer().append(bytes, 0, bytes.length, db);
  }

  void turnEnded() {
    replication.turnEnded();
  }

  private Conversation accept(Peer peer) {
    int id = ++nextConnection;
    return mortal(new SimServing(replication, id, peer, this::freshReplid));
  }

  @Override
  public void dial(String toHost, int port, RespService service, Consumer<String> failed) {
    int born = incarnation;
    net.dial(
        name(),
        toHost + ":" + port,
        peer -> {
          if (born != incarnation || !up) {
            peer.close();
            return new SimServing.Deaf();
          }
          return mortal(service.opened(peer));
        },
        why -> {
          if (born == incarnation && up) {
            failed.accept(why);
          }
        });
  }

  /** A crashed process notices nothing more, not even that its connections end. */
  private Conversation mortal(Conversation conversation) {
    int born = incarnation;
    return new Conversation() {
      @Override
      public void received(byte[] data, int from, int to) {
        whileAlive(() -> conversation.received(data, from, to));
      }

      @Override
      public void turnEnded() {
        whileAlive(conversation::turnEnded);
      }

      @Override
      public void closed(String why) {
        whileAlive(() -> conversation.closed(why));
      }

      @Override
      public void writable() {
        whileAlive(conversation::writable);
      }

      private void whileAlive(Runnable event) {
        if (born == incarnation && up) {
          event.run();
        }
      }
    };
  }

  @Override
  public String apply(Units units) {
    keys.select(units.db());
    keys.run(units.bytes(), units.from(), units.to());
    return null;
  }

  @Override
  public void payload(byte[] data, int from, int to) {
    payload.write(data, from, to - from);
  }

  @Override
  public void payloadDropped() {
    payload.reset();
  }

  @Override
  public SnapshotHead received() {
    return new SnapshotHead(payload.size() == new ToyKeyspace().snapshot().length + 1, -1);
  }

  @Override
  public boolean holdsData() {
    return keys.snapshot().length > new ToyKeyspace().snapshot().length;
  }

  @Override
  public void load(Loading answer) {
    byte[] all = payload.toByteArray();
    byte[] snapshot = Arrays.copyOf(all, all.length - 1);
    payload.reset();
    loading = true;
    int born = incarnation;
    sim.after(
        sim.between(0, 300),
        () -> {
          if (born == incarnation && up) {
            loading = false;
            keys.load(snapshot);
            answer.loaded(all[all.length - 1], 0);
          }
        });
  }

  @Override
  public boolean streamSnapshot(SnapshotStream to) {
    if (snapshotRuns) {
      return false;
    }
    snapshotRuns = true;
    byte[] all = snapshotWithDb();
    part(incarnation, all, 0, to);
    return true;
  }

  /** A replica's snapshot says where the stream stands that it hands on. */
  private byte[] snapshotWithDb() {
    byte[] snapshot = keys.snapshot();
    byte[] all = Arrays.copyOf(snapshot, snapshot.length + 1);
    all[snapshot.length] = (byte) replication.status().streamDb();
    return all;
  }

  private void part(int born, byte[] all, int at, SnapshotStream to) {
    sim.after(
        sim.between(1, 100),
        () -> {
          if (born != incarnation || !up) {
            return;
          }
          if (at == all.length) {
            snapshotRuns = false;
            to.ended();
          } else {
            int n = to.wantsMore() ? 1 + sim.random().nextInt(all.length - at) : 0;
            to.part(all, at, at + n);
            part(born, all, at + n, to);
          }
        });
  }

  @Override
  public boolean storeSnapshot(Consumer<SnapshotFile> stored, Consumer<String> failed) {
    if (snapshotRuns) {
      return false;
    }
    snapshotRuns = true;
    byte[] all = snapshotWithDb();
    int born = incarnation;
    sim.after(
        sim.between(1, 300),
        () -> {
          if (born == incarnation && up) {
            snapshotRuns = false;
            stored.accept(new Stored(all));
          }
        });
    return true;
  }

  private record Stored(byte[] bytes) implements SnapshotFile {
    @Override
    public long length() {
      return bytes.length;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(bytes);
    }
  }

  @Override
  public String freshReplid() {
    StringBuilder hex = new StringBuilder();
    while (hex.length() < History.REPLID_LENGTH) {
      hex.append(Character.forDigit(sim.random().nextInt(16), 16));
    }
    return hex.toString();
  }

  @Override
  public void log(Log.Level level, String text) {
    log.add(sim.nowMs() + " " + name() + " " + text);
  }
}
