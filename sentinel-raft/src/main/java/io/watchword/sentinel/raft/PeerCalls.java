package io.watchword.sentinel.raft;

import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcProcessor;
import com.alipay.sofa.jraft.rpc.RpcServer;
import com.alipay.sofa.jraft.rpc.impl.BoltRpcServer;
import com.alipay.sofa.jraft.rpc.impl.PingRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.AppendEntriesRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.GetFileRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.InstallSnapshotRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.ReadIndexRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.RequestVoteRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.TimeoutNowRequestProcessor;
import com.alipay.sofa.jraft.util.Endpoint;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The sentinel's end of its peers' connections: the server that Raft's messages and ours arrive at,
 * and the client that ours leave from.
 *
 * <p>JRaft's remote administration is not registered: whoever reaches the port could otherwise
 * change the members of the group.
 */
final class PeerCalls implements AutoCloseable {
  private static final int CALL_MS_MAX = 1000;

  /** Proposals that wait for one leader. An older one makes room: its proposer repeats it. */
  private static final int PROPOSALS_MAX = 64;

  private final RaftLog.Settings settings;
  private final Identity identity;
  private final Consumer<byte[]> proposals;
  private final ExecutorService pool;

  /** One thread for each leader that was proposed to. */
  private final Map<Endpoint, ExecutorService> proposers = new ConcurrentHashMap<>();

  private final RpcServer server;
  private final RpcClient client;

  PeerCalls(RaftLog.Settings settings, Identity identity, Consumer<byte[]> proposals)
      throws IOException {
    this.settings = settings;
    this.identity = identity;
    this.proposals = proposals;
    PeerSerializer.register();
    pool = Executors.newFixedThreadPool(4, named("raft-rpc"));
    client = new BoundRpcFactory().createRpcClient();
    BoundNodeOptions options = new BoundNodeOptions(settings.source());
    options.setRpcConnectTimeoutMs(CALL_MS_MAX);
    client.init(options);
    server = listen();
  }

  private static ThreadFactory named(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  RpcServer server() {
    return server;
  }

  private RpcServer listen() throws IOException {
    int colon = settings.self().lastIndexOf(':');
    int port = Integer.parseInt(settings.self().substring(colon + 1));
    RpcServer out =
        new BoltRpcServer(new com.alipay.remoting.rpc.RpcServer(settings.bind(), port, true));
    AppendEntriesRequestProcessor append = new AppendEntriesRequestProcessor(pool);
    out.registerConnectionClosedEventListener(append);
    out.registerProcessor(append);
    out.registerProcessor(new GetFileRequestProcessor(pool));
    out.registerProcessor(new InstallSnapshotRequestProcessor(pool));
    out.registerProcessor(new RequestVoteRequestProcessor(pool));
    out.registerProcessor(new PingRequestProcessor(pool));
    out.registerProcessor(new TimeoutNowRequestProcessor(pool));
    out.registerProcessor(new ReadIndexRequestProcessor(pool));
    out.registerProcessor(new Receiver());
    try {
      if (out.init(null)) {
        return out;
      }
    } catch (RuntimeException e) {
      throw new IOException(settings.bind() + ":" + port + ": " + e.getMessage(), e);
    }
    throw new IOException("cannot listen on " + settings.bind() + ":" + port);
  }

  /** Hands an entry to the leader; whether it arrives shows in the log. */
  void propose(Endpoint leader, byte[] entry) {
    PeerMessage message = new PeerMessage(PeerMessage.PROPOSE, entry, "", "");
    // A first call connects, for which neither the sentinel's thread must wait nor those that
    // Raft's own messages need, least of all when the leader is cut off and another is elected.
    proposers
        .computeIfAbsent(leader, PeerCalls::proposer)
        .execute(
            () -> {
              try {
                client.invokeAsync(leader, message, (result, problem) -> {}, CALL_MS_MAX);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (RemotingException e) {
                // Lost, as a proposal may be: the proposer repeats it until the state shows it.
                client.closeConnection(leader);
              }
            });
  }

  private static ExecutorService proposer(Endpoint leader) {
    return new ThreadPoolExecutor(
        1,
        1,
        0,
        TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(PROPOSALS_MAX),
        named("raft-propose-" + leader),
        new ThreadPoolExecutor.DiscardOldestPolicy());
  }

  /** Introduces this sentinel to the others. Answers whether enough of them wrote it down. */
  boolean introduce() throws IOException {
    int others = 0;
    int recorded = 0;
    for (String peer : settings.peers()) {
      if (!peer.equals(settings.self())) {
        others++;
        recorded += isRecordedBy(peer) ? 1 : 0;
      }
    }
    // Any two sets of more than half of the others meet: the lost folder is noticed by one.
    return recorded > others / 2 || others == 0;
  }

  private boolean isRecordedBy(String peer) throws IOException {
    PeerMessage message =
        new PeerMessage(PeerMessage.INTRODUCE, new byte[0], settings.self(), identity.id());
    int colon = peer.lastIndexOf(':');
    Endpoint endpoint =
        new Endpoint(peer.substring(0, colon), Integer.parseInt(peer.substring(colon + 1)));
    String known;
    try {
      known = ((PeerMessage) client.invokeSync(endpoint, message, CALL_MS_MAX)).id;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (RemotingException e) {
      client.closeConnection(endpoint);
      return false;
    }
    if (!known.equals(identity.id()) && !known.isEmpty()) {
      throw new IOException(
          "the folder is empty, but "
              + peer
              + " knows "
              + settings.self()
              + " as sentinel "
              + known
              + ": it may have voted. Restore "
              + settings.folder()
              + ", or give this sentinel another raft-port and the group a new list of raft-peers");
    }
    return !known.isEmpty();
  }

  @Override
  public void close() {
    // Before the client that they use.
    proposers.values().forEach(ExecutorService::shutdownNow);
    client.shutdown();
    server.shutdown();
    pool.shutdownNow();
  }

  private final class Receiver implements RpcProcessor<PeerMessage> {
    @Override
    public String interest() {
      return PeerMessage.class.getName();
    }

    @Override
    public java.util.concurrent.Executor executor() {
      return pool;
    }

    @Override
    public void handleRequest(RpcContext context, PeerMessage message) {
      context.sendResponse(new PeerMessage(PeerMessage.ANSWER, new byte[0], "", answer(message)));
    }

    private String answer(PeerMessage message) {
      try {
        if (message.kind == PeerMessage.INTRODUCE && settings.peers().contains(message.peer)) {
          return identity.meet(message.peer, message.id);
        }
        if (message.kind == PeerMessage.PROPOSE) {
          proposals.accept(message.body);
        }
      } catch (IOException | IllegalArgumentException e) {
        // Not recorded or not an entry: the empty answer says that it was not taken.
        return "";
      }
      return "";
    }
  }
}
