package io.watchword.sim;

import io.watchword.resp.Conversation;
import io.watchword.resp.Peer;
import io.watchword.resp.RespService;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Connections between named nodes. Bytes of one direction arrive in order, late, and in pieces of
 * any size. A link can be cut: what is under way is lost, and each end learns of it late or not at
 * all, so that only its own time-out tells.
 */
public final class SimNet {
  private static final int PENDING_LOW = 1 << 10;

  private final Sim sim;
  private final Map<String, RespService> listeners = new LinkedHashMap<>();
  private final TreeSet<String> cuts = new TreeSet<>();
  private final List<Connection> connections = new ArrayList<>();

  /** A net in which nobody listens. */
  public SimNet(Sim sim) {
    this.sim = sim;
  }

  /** Accepts connections at this name from now on. */
  public void listen(String name, RespService service) {
    listeners.put(name, service);
  }

  /** Takes a node off: its connections end at once on its side, later on the others'. */
  public void crash(String name) {
    listeners.remove(name);
    for (Connection c : List.copyOf(connections)) {
      if (c.touches(name)) {
        c.die(name);
      }
    }
  }

  /** Cuts the link between two nodes. */
  public void cut(String a, String b) {
    cuts.add(pair(a, b));
    for (Connection c : List.copyOf(connections)) {
      if (c.touches(a) && c.touches(b)) {
        c.die("");
      }
    }
  }

  /** Mends the link between two nodes. */
  public void heal(String a, String b) {
    cuts.remove(pair(a, b));
  }

  /** Mends all links. */
  public void healAll() {
    cuts.clear();
  }

  /** Dials; see {@link io.watchword.replication.World#dial}. */
  public void dial(String from, String to, RespService service, Consumer<String> failed) {
    sim.after(
        sim.between(1, 50),
        () -> {
          if (cuts.contains(pair(from, to))) {
            // A dial into a cut may also hang until somebody loses patience.
            if (!sim.oneIn(3)) {
              failed.accept("no route to host");
            }
          } else if (!listeners.containsKey(to)) {
            failed.accept("Connection refused");
          } else {
            new Connection(from, to).open(service, listeners.get(to));
          }
        });
  }

  private static String pair(String a, String b) {
    return a.compareTo(b) < 0 ? a + "|" + b : b + "|" + a;
  }

  /** Two ends and what is under way between them. */
  private final class Connection {
    private final End near;
    private final End far;
    private boolean dead;

    Connection(String from, String to) {
      near = new End(this, from, to);
      far = new End(this, to, from);
      near.other = far;
      far.other = near;
      connections.add(this);
    }

    void open(RespService dialler, RespService listener) {
      far.conversation = listener.opened(far);
      near.conversation = dialler.opened(near);
    }

    boolean touches(String name) {
      return near.name.equals(name) || far.name.equals(name);
    }

    /** Nothing passes any more; the end named {@code crashed} is told nothing. */
    void die(String crashed) {
      dead = true;
      connections.remove(this);
      for (End end : List.of(near, far)) {
        if (end.name.equals(crashed)) {
          end.open = false;
        } else if (!sim.oneIn(4)) {
          sim.after(sim.between(1, 2_000), () -> end.ended("connection reset"));
        }
      }
    }
  }

  /** One end: a peer for whoever holds it. */
  private final class End implements Peer {
    private final Connection connection;
    private final String name;
    private final String remote;
    private End other;
    private Conversation conversation;
    private boolean open = true;
    private boolean closing;
    private boolean reads = true;
    private byte[] out = {};
    private long pending;
    private long arrivesMs;
    private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();

    End(Connection connection, String name, String remote) {
      this.connection = connection;
      this.name = name;
      this.remote = remote;
    }

    @Override
    public void send(byte[] bytes, int offset, int length) {
      if (open && !closing) {
        int old = out.length;
        out = Arrays.copyOf(out, old + length);
        System.arraycopy(bytes, offset, out, old, length);
        pending += length;
      }
    }

    @Override
    public void flush() {
      byte[] all = out;
      out = new byte[0];
      int at = 0;
      while (at < all.length) {
        int n = sim.oneIn(3) ? all.length - at : 1 + sim.random().nextInt(all.length - at);
        byte[] piece = Arrays.copyOfRange(all, at, at + n);
        at += n;
        schedule(() -> other.arrived(piece));
      }
    }

    @Override
    public void close() {
      if (open && !closing) {
        flush();
        closing = true;
        schedule(() -> other.ended("closed by peer"));
        sim.after(1, () -> ended("closed"));
      }
    }

    private void schedule(Runnable delivery) {
      arrivesMs = Math.max(arrivesMs, sim.nowMs() + sim.between(1, sim.oneIn(20) ? 400 : 20));
      sim.after(
          arrivesMs - sim.nowMs(),
          () -> {
            if (!connection.dead) {
              delivery.run();
            }
          });
    }

    private void arrived(byte[] piece) {
      other.taken(piece.length);
      if (!open) {
        return;
      }
      // What waits goes first: a connection keeps the order of its bytes.
      if (!reads || !waiting.isEmpty()) {
        waiting.add(piece);
        return;
      }
      conversation.received(piece, 0, piece.length);
      conversation.turnEnded();
    }

    private void taken(int bytes) {
      boolean wasFull = pending > PENDING_LOW;
      pending -= bytes;
      if (open && wasFull && pending <= PENDING_LOW) {
        conversation.writable();
      }
    }

    private void ended(String why) {
      if (open) {
        open = false;
        connections.remove(connection);
        conversation.closed(why);
      }
    }

    @Override
    public long pendingBytes() {
      return pending;
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void readMore(boolean wanted) {
      reads = wanted;
      if (wanted) {
        sim.after(0, this::drain);
      }
    }

    private void drain() {
      while (reads && open && !waiting.isEmpty()) {
        byte[] piece = waiting.poll();
        conversation.received(piece, 0, piece.length);
        conversation.turnEnded();
      }
    }

    @Override
    public String remote() {
      return remote;
    }

    @Override
    public String local() {
      return name;
    }
  }
}
