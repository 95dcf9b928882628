package io.watchword.sentinel.raft;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.RaftGroupService;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.closure.ReadIndexClosure;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.option.RaftOptions;
import io.watchword.sentinel.core.Entry;
import io.watchword.sentinel.core.SentinelState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * The sentinels' log as SOFAJRaft keeps it, one group of static members.
 *
 * <p>A sentinel that starts on an empty folder first introduces itself to more than half of the
 * other members, and each of them writes its identity down for ever. A folder that was lost comes
 * back under another identity, which at least one of them refuses: so a member never votes twice in
 * a term because it forgot the first time.
 *
 * <p>{@link #propose} may be called from any thread; the inbox is called from JRaft's.
 */
public final class RaftLog implements AutoCloseable {
  private static final String GROUP = "watchword-sentinels";
  private static final int SNAPSHOT_PERIOD_S = 600;

  /** What a log delivers, in log order, from one thread at a time. */
  public interface Inbox {
    /** An entry is committed. */
    void committed(long index, Entry entry);

    /** The state was restored up to and with {@code index}. */
    void restored(long index, SentinelState state);

    /** This sentinel leads. */
    void elected(long term);

    /** This sentinel leads no longer. */
    void deposed();
  }

  /**
   * Where and with whom.
   *
   * @param folder of this sentinel alone
   * @param bind address to listen on
   * @param source address to dial from, or empty
   * @param self this member as the others name it, host:port
   * @param peers all members, this one included
   * @param electionTimeoutMs silence of the leader after which another is elected
   */
  public record Settings(
      Path folder,
      String bind,
      String source,
      String self,
      List<String> peers,
      int electionTimeoutMs) {}

  private final Settings settings;
  private final Identity identity;
  private final PeerCalls calls;
  private final Consumer<String> fatal;
  private RaftGroupService service;
  private volatile Node node;

  /**
   * Opens the folder and listens; takes no part in the group yet.
   *
   * @param newId this sentinel's identity, in case that the folder has none yet
   * @param fatal told, from any thread, when this sentinel can no longer follow the log
   */
  public RaftLog(Settings settings, String newId, Consumer<String> fatal) throws IOException {
    this.settings = settings;
    this.fatal = fatal;
    this.identity = Identity.open(settings.folder(), newId);
    this.calls = new PeerCalls(settings, identity, this::apply);
  }

  /** This sentinel's identity. */
  public String id() {
    return identity.id();
  }

  /** How often this sentinel has started on its folder. */
  public long incarnation() {
    return identity.incarnation();
  }

  /** Takes part in the group. Called once, after {@link #isAdmitted} has answered true. */
  public void start(Inbox inbox) throws IOException {
    for (String part : List.of("log", "meta")) {
      if (identity.isAdmitted() && !Files.exists(settings.folder().resolve(part))) {
        throw new IOException(
            settings.folder()
                + " lacks "
                + part
                + ", but this sentinel has taken part before: it may have voted. Restore it");
      }
    }
    for (String part : List.of("log", "meta", "snapshot")) {
      Files.createDirectories(settings.folder().resolve(part));
    }
    identity.admit();
    SmallStorage.use();
    PeerId self = PeerId.parsePeer(settings.self());
    LogMachine machine = new LogMachine(inbox, fatal);
    service = new RaftGroupService(GROUP, self, options(machine), calls.server(), true);
    try {
      node = service.start(false);
    } catch (IllegalStateException e) {
      // It only says that there is a reason.
      String why = machine.loadFailure();
      throw new IOException(
          why.isEmpty() ? "JRaft does not start on " + settings.folder() : why, e);
    }
    if (node == null) {
      throw new IOException("JRaft does not start on " + settings.folder());
    }
  }

  private BoundNodeOptions options(LogMachine machine) throws IOException {
    BoundNodeOptions options = new BoundNodeOptions(settings.source());
    Configuration members = new Configuration();
    if (!members.parse(String.join(",", settings.peers()))) {
      throw new IOException("sentinel raft-peers is no list of host:port");
    }
    options.setInitialConf(members);
    options.setFsm(machine);
    options.setElectionTimeoutMs(settings.electionTimeoutMs());
    options.setLogUri(settings.folder().resolve("log").toString());
    options.setRaftMetaUri(settings.folder().resolve("meta").toString());
    options.setSnapshotUri(settings.folder().resolve("snapshot").toString());
    options.setSnapshotIntervalSecs(SNAPSHOT_PERIOD_S);
    options.setDisableCli(true);
    // One small group: timers and pools for many would be threads that do nothing.
    options.setSharedTimerPool(true);
    options.setSharedElectionTimer(true);
    options.setSharedVoteTimer(true);
    options.setSharedStepDownTimer(true);
    options.setSharedSnapshotTimer(true);
    options.setTimerPoolSize(1);
    options.setRaftRpcThreadPoolSize(4);
    options.setRpcConnectTimeoutMs(settings.electionTimeoutMs());
    options.setRpcDefaultTimeout(2 * settings.electionTimeoutMs());
    RaftOptions raft = options.getRaftOptions();
    raft.setSync(true);
    raft.setEnableLogEntryChecksum(true);
    raft.setMaxElectionDelayMs(settings.electionTimeoutMs() / 2);
    raft.setDisruptorBufferSize(1024);
    return options;
  }

  /**
   * Whether this sentinel may take part: it has before, or enough others have written its identity
   * down now. Blocks for as long as a call to each of them takes.
   *
   * @throws IOException when one of them knows this member under another identity
   */
  public boolean isAdmitted() throws IOException {
    return identity.isAdmitted() || calls.introduce();
  }

  /**
   * Offers an entry: applies it when this sentinel leads, hands it to the leader otherwise. It may
   * be lost, committed late, or committed twice; the proposer watches the state.
   *
   * @param term the term in which the proposer leads, so that the entry of a leader that was
   *     deposed meanwhile is not taken by its next term; negative when it does not lead
   */
  public void propose(Entry entry, long term) {
    Node local = node;
    byte[] bytes = EntryCodec.encode(entry);
    if (local == null) {
      return;
    }
    if (term >= 0) {
      Task task = new Task(ByteBuffer.wrap(bytes), status -> {});
      task.setExpectedTerm(term);
      local.apply(task);
    } else {
      PeerId leader = local.getLeaderId();
      if (leader != null && leader.getEndpoint() != null && !leader.isEmpty()) {
        calls.propose(leader.getEndpoint(), bytes);
      }
    }
  }

  /**
   * Asks whether this sentinel reaches a majority through the leader, by ReadIndex: never by a
   * lease, which would trust the clocks. Reserved for mode {@code linearizable}; nothing asks yet.
   *
   * @param result told from JRaft's thread; true also means that everything committed before the
   *     call has been delivered here
   */
  public void confirm(Consumer<Boolean> result) {
    Node local = node;
    if (local == null) {
      result.accept(false);
      return;
    }
    local.readIndex(
        new byte[0],
        new ReadIndexClosure() {
          @Override
          public void run(Status status, long index, byte[] context) {
            result.accept(status.isOk());
          }
        });
  }

  /**
   * Gives the lead to whichever member is furthest; nothing happens when this one does not lead.
   */
  public void handOver() {
    Node local = node;
    if (local != null) {
      local.transferLeadershipTo(PeerId.ANY_PEER);
    }
  }

  /**
   * Saves the state now; a test cannot wait for its time.
   *
   * @param saved told from JRaft's thread whether it was
   */
  void saveSnapshot(Consumer<Boolean> saved) {
    node.snapshot(status -> saved.accept(status.isOk()));
  }

  /** The leader's Raft address as this sentinel believes; empty when it knows none. */
  public String leader() {
    Node local = node;
    PeerId leader = local == null ? null : local.getLeaderId();
    return leader == null || leader.isEmpty() ? "" : leader.toString();
  }

  /** All other entries are the leader's, who offers them with its term; an operator asks any. */
  static boolean isAFollowersToPropose(Entry entry) {
    return entry instanceof Entry.Vote
        || entry instanceof Entry.Joined
        || entry instanceof Entry.Asked;
  }

  /** An entry that a follower handed over. It is taken only while this sentinel leads. */
  private void apply(byte[] bytes) {
    Node local = node;
    if (isAFollowersToPropose(EntryCodec.decode(bytes)) && local != null) {
      local.apply(new Task(ByteBuffer.wrap(bytes), status -> {}));
    }
  }

  @Override
  public void close() {
    if (service != null) {
      service.shutdown();
      try {
        service.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    calls.close();
  }
}
