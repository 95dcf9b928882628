package io.watchword.server;

import io.watchword.command.Client;
import io.watchword.command.CommandError;
import io.watchword.command.replication.Node;
import io.watchword.config.Config;
import io.watchword.config.Directives;
import io.watchword.config.ManyWords.HostPort;
import io.watchword.replication.History;
import io.watchword.replication.LinkSettings;
import io.watchword.replication.ReplicationEvent;
import io.watchword.replication.ReplicationNode;
import io.watchword.replication.ReplicationSettings;
import io.watchword.replication.ReplicationStatus;
import io.watchword.replication.Role;
import io.watchword.replication.Rules;
import io.watchword.replication.SnapshotFile;
import io.watchword.replication.SnapshotHead;
import io.watchword.replication.SnapshotStream;
import io.watchword.replication.Units;
import io.watchword.replication.WaitAnswer;
import io.watchword.replication.World;
import io.watchword.resp.RespService;
import io.watchword.resp.RespWriter;
import io.watchword.sys.Clock;
import io.watchword.sys.Log;
import io.watchword.sys.Trace;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;

/**
 * The live end of replication: gives the pure {@link ReplicationNode} its sockets, its keyspace and
 * its directives, and the commands their {@link Node}. Used by the command thread.
 */
public final class ReplicationDriver implements World, Node {
  /** {@code client-output-buffer-limit replica}, whose default is the only value built. */
  private static final long REPLICA_BYTES_MAX = 256L << 20;

  private static final String UNBLOCKED =
      "UNBLOCKED force unblock from blocking operation,"
          + " instance state changed (master -> replica?)";

  private final Config config;
  private final Engine engine;
  private final Log log;
  private final RandomGenerator random;
  private final Dialer dialer;
  private final Transfers transfers;
  private final IntSupplier port;
  private final MasterClient master;
  private final ReplicationNode node;
  private RoleByHand roleByHand = (host, port) -> null;
  private BooleanSupplier claimed = () -> false;
  private boolean started;
  private boolean loading;
  private long fullSyncs;
  private long partialSyncs;
  private long refusedPartialSyncs;

  /**
   * Asked before a role that no sentinel gave is taken up: host and port of the master, empty and 0
   * for a master. Null when it will be remembered, else the error for whoever gave it.
   */
  public interface RoleByHand {
    String takeUp(String host, int port);
  }

  /**
   * @param name the node's address, under which its steps are traced
   * @param port the port that is listened on
   * @param random source of replids: must not repeat from one start to the next
   */
  public ReplicationDriver(
      String name,
      Config config,
      Engine engine,
      Clock clock,
      Log log,
      Trace trace,
      RandomGenerator random,
      Dialer dialer,
      Transfers transfers,
      IntSupplier port) {
    this.config = config;
    this.engine = engine;
    this.log = log;
    this.random = random;
    this.dialer = dialer;
    this.transfers = transfers;
    this.port = port;
    master = new MasterClient(engine.dispatcher(), log);
    node =
        new ReplicationNode(
            name, Rules.REAL, this::settings, this::linkSettings, this, clock, trace);
  }

  /** Before {@link #start}: shows the role that will be taken up, while the data are loaded. */
  public void willFollow(HostPort follows) {
    engine.dispatcher().replica(true);
    node.willFollow(follows.host(), follows.port());
  }

  /**
   * Starts with what was loaded from disk.
   *
   * @param saved history of the snapshot that was loaded, or null when it had none
   * @param db database that the stream had selected there
   * @param follows the master to follow, or null to be one
   * @param fenced whether it waits to be told its role instead
   * @param keepsStream whether the stream is kept before a replica comes, for a trace
   */
  public void start(
      History saved, int db, long epoch, HostPort follows, boolean fenced, boolean keepsStream) {
    boolean isMaster = follows == null;
    long offset = saved == null ? 0 : saved.offset();
    engine.dispatcher().replica(!isMaster);
    started = true;
    node.start(
        new ReplicationEvent.Started(
            isMaster, offset, saved, db, epoch, freshReplid(), keepsStream));
    if (fenced) {
      fence();
    } else if (!isMaster && claimed.getAsBoolean()) {
      node.followAgain(follows.host(), follows.port());
    } else if (!isMaster) {
      node.follow(follows.host(), follows.port());
    }
  }

  /** The machines, for those who journal, save and print. */
  public ReplicationNode node() {
    return node;
  }

  /** Ten times a second. */
  public void tick() {
    node.tick();
  }

  /**
   * Whether there is no data set to work on: the server has yet to take up its role, or a master's
   * snapshot is being loaded.
   */
  public boolean isLoading() {
    return loading || !started;
  }

  /** The error of a client's write, or null. */
  public String findWriteRefusal() {
    return isReplica() && config.get(Directives.REPLICA_READ_ONLY)
        ? "READONLY You can't write against a read only replica."
        : null;
  }

  /** Whether clients must not see the data because its master is out of reach. */
  public boolean isStale() {
    return isReplica() && !node.isLinkUp() && !config.get(Directives.REPLICA_SERVE_STALE_DATA);
  }

  /**
   * The lines of INFO's section.
   *
   * @param promisedEpoch highest epoch promised to a sentinel group
   * @param confirmed false on a master that was restarted and that its group has not named since
   */
  public List<String> info(long promisedEpoch, boolean confirmed) {
    return node.status()
        .info(
            new ReplicationStatus.InfoSettings(
                Math.toIntExact(config.get(Directives.REPLICA_PRIORITY)),
                config.get(Directives.REPLICA_READ_ONLY),
                true,
                config.get(Directives.REPL_BACKLOG_SIZE),
                promisedEpoch,
                confirmed));
  }

  private ReplicationSettings settings() {
    return new ReplicationSettings(
        config.get(Directives.REPL_BACKLOG_SIZE),
        REPLICA_BYTES_MAX,
        config.get(Directives.REPL_TIMEOUT) * 1000,
        config.get(Directives.REPL_PING_REPLICA_PERIOD) * 1000,
        config.get(Directives.REPL_DISKLESS_SYNC),
        config.get(Directives.REPL_DISKLESS_SYNC_DELAY) * 1000);
  }

  private LinkSettings linkSettings() {
    long announced = config.get(Directives.REPLICA_ANNOUNCE_PORT);
    return new LinkSettings(
        announced == 0 ? port.getAsInt() : Math.toIntExact(announced),
        config.get(Directives.REPLICA_ANNOUNCE_IP),
        config.get(Directives.MASTERAUTH),
        config.get(Directives.REPL_TIMEOUT) * 1000,
        claimed.getAsBoolean() && !config.get(Directives.REPLICA_ACCEPT_EMPTY_MASTER));
  }

  // Node: what commands ask.

  @Override
  public boolean follows(String host, int masterPort) {
    return node.follows(host, masterPort);
  }

  @Override
  public void follow(String host, int masterPort, String by) {
    remember(host, masterPort);
    followByOrder(host, masterPort, by);
  }

  @Override
  public void promote(String by) {
    remember("", 0);
    if (isReplica()) {
      node.promote();
      engine.dispatcher().replica(false);
      log.notice("MASTER MODE enabled (user request from '" + by + "')");
    }
  }

  private void remember(String host, int masterPort) {
    String refusal = roleByHand.takeUp(host, masterPort);
    if (refusal != null) {
      throw new CommandError(refusal);
    }
  }

  /** Lets somebody remember, or refuse, roles that are given by hand. */
  void roleByHand(RoleByHand listener) {
    roleByHand = listener;
  }

  /** Lets somebody say whether a sentinel group has claimed this node. */
  void claimed(BooleanSupplier isClaimed) {
    claimed = isClaimed;
  }

  /** Follows as a sentinel group orders. */
  void followByOrder(String host, int masterPort, String by) {
    log.notice(
        "REPLICAOF " + host + ":" + masterPort + " enabled (user request from '" + by + "')");
    engine.dispatcher().replica(true);
    node.follow(host, masterPort);
  }

  /** Becomes the master of an epoch and says so in the stream. */
  void promoteByOrder(String by, long epoch) {
    if (isReplica()) {
      node.promote();
      engine.dispatcher().replica(false);
    }
    node.barrier(epoch);
    log.notice("MASTER MODE enabled (user request from '" + by + "')");
  }

  /** Applies nothing more of a master, and expires nothing, until told a role. */
  void fence() {
    node.fence();
    engine.dispatcher().replica(true);
  }

  /** Is what it was before it was fenced. */
  void unfence() {
    node.unfence();
    engine.dispatcher().replica(node.status().role() == Role.REPLICA);
  }

  @Override
  public boolean isReplica() {
    return engine.dispatcher().isReplica();
  }

  @Override
  public void role(RespWriter reply) {
    node.status().role(reply);
  }

  @Override
  public void attach(Client client, String replid, long from, boolean speaksPsync) {
    engine.flush(client);
    int id = Math.toIntExact(client.id);
    String ip = client.replicaIp.isEmpty() ? hostOf(client.peer.remote()) : client.replicaIp;
    node.connections().register(id, client.peer);
    node.asked(
        new ReplicationEvent.Asked(
            id,
            ip,
            client.replicaPort,
            replid,
            from,
            speaksPsync,
            client.replicaSpeaksPsync2,
            client.replicaSpeaksEof,
            freshReplid()));
    if (node.isReplica(id)) {
      count(node.isOnline(id), replid);
      client.kind = Client.Kind.REPLICA;
      engine.handOver(client, new ReplicaConversation(node, id, client.peer));
    }
  }

  private void count(boolean partial, String replid) {
    if (partial) {
      partialSyncs++;
    } else {
      fullSyncs++;
      refusedPartialSyncs += replid.equals("?") ? 0 : 1;
    }
  }

  /** What INFO stats says of the syncs that this server gave; the bytes are not counted. */
  public StatsSection.Syncs syncs() {
    return new StatsSection.Syncs(fullSyncs, partialSyncs, refusedPartialSyncs, 0, 0);
  }

  private static String hostOf(String address) {
    return address.substring(0, address.lastIndexOf(':')).replaceAll("[\\[\\]]", "");
  }

  @Override
  public int confirmed(long offset) {
    return node.confirmed(offset);
  }

  @Override
  public void hold(Client client, long offset, int replicas, long timeoutMs, IntConsumer answer) {
    Runnable cancel =
        node.hold(
            offset,
            replicas,
            timeoutMs,
            new WaitAnswer() {
              @Override
              public void confirmed(int count) {
                answer.accept(count);
                engine.resume(client);
              }

              @Override
              public void roleChanged() {
                client.out.error(UNBLOCKED);
                client.closing = true;
                engine.resume(client);
              }
            });
    engine.pause(client, cancel);
  }

  // World: what the machines want done.

  @Override
  public void dial(String host, int to, RespService service, Consumer<String> failed) {
    dialer.connect(host, to, service, failed);
  }

  @Override
  public String apply(Units units) {
    engine.turnBegins();
    String problem = master.run(units);
    // Subscribers of this node are sent what the stream published.
    engine.turnEnded();
    return problem;
  }

  @Override
  public void payload(byte[] data, int from, int to) {
    transfers.receive(data, from, to);
  }

  @Override
  public void payloadDropped() {
    transfers.dropReceived();
  }

  @Override
  public SnapshotHead received() {
    return transfers.received();
  }

  @Override
  public boolean holdsData() {
    return engine.keyspace().size() > 0;
  }

  @Override
  public void load(World.Loading answer) {
    loading = true;
    transfers.load(
        new World.Loading() {
          @Override
          public void loaded(int db, long epoch) {
            loading = false;
            answer.loaded(db, epoch);
          }

          @Override
          public void notBegun(String why) {
            loading = false;
            answer.notBegun(why);
          }

          @Override
          public void failed(String why) {
            loading = false;
            answer.failed(why);
          }
        });
  }

  @Override
  public boolean streamSnapshot(SnapshotStream to) {
    return transfers.stream(to);
  }

  @Override
  public boolean storeSnapshot(Consumer<SnapshotFile> stored, Consumer<String> failed) {
    return transfers.store(stored, failed);
  }

  @Override
  public String freshReplid() {
    StringBuilder hex = new StringBuilder(History.REPLID_LENGTH);
    while (hex.length() < History.REPLID_LENGTH) {
      hex.append(Character.forDigit(random.nextInt(16), 16));
    }
    return hex.toString();
  }

  @Override
  public void log(Log.Level level, String text) {
    log.write(level, text);
  }
}
