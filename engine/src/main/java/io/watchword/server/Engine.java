package io.watchword.server;

import io.watchword.command.Client;
import io.watchword.command.Clients;
import io.watchword.command.CommandTable;
import io.watchword.command.Dispatcher;
import io.watchword.command.Gate;
import io.watchword.command.Journal;
import io.watchword.command.Pause;
import io.watchword.command.Stats;
import io.watchword.command.connection.ClientPause;
import io.watchword.keyspace.Keyspace;
import io.watchword.resp.Conversation;
import io.watchword.resp.Peer;
import io.watchword.resp.RespService;
import io.watchword.resp.RespWriter;
import io.watchword.sys.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The one thread that owns the keyspace, seen as a service of connections. Everything here is
 * called on that thread.
 */
public final class Engine implements RespService, Clients {
  private static final int REPLY_BYTES = 1 << 14;

  /** Bytes that others may have sent to a client which it has not read: Redis's pubsub limit. */
  private static final long UNREAD_BYTES_MAX = 32L << 20;

  private static final String SENTINEL_NAME = "sentinel-";

  private final Clock clock;
  private final Keyspace keyspace;
  private final Dispatcher dispatcher;
  private final Stats stats = new Stats();
  private final Map<Long, Session> sessions = new LinkedHashMap<>();
  private final Gate.State gate;
  private final List<Client> woken = new ArrayList<>();
  private final Set<Session> postponed = new LinkedHashSet<>();
  private final Pauses pauses;
  private final LookAhead lookAhead;

  /** The strictest pause under which one of {@link #postponed} came to wait. */
  private Pause postponedBy = Pause.NONE;

  private final List<Consumer<Client>> unsubscribers = new ArrayList<>();
  private Runnable afterTurn = () -> {};
  private Consumer<String> closings = line -> {};
  private Admission admission;
  private long nextId = 1;
  private long bulkBytesMax = 512L << 20;
  private long queryBufferBytesMax = 1L << 30;

  public Engine(
      Clock clock,
      Keyspace keyspace,
      CommandTable table,
      Gate.State gate,
      Journal journal,
      RandomGenerator random) {
    this.clock = clock;
    this.keyspace = keyspace;
    this.gate = gate;
    this.dispatcher = new Dispatcher(table, keyspace, gate, stats, journal, random);
    dispatcher.timedBy(clock::nanos);
    dispatcher.offer(Clients.class, this);
    lookAhead = new LookAhead(keyspace);
    pauses = new Pauses(dispatcher, clock);
    dispatcher.offer(ClientPause.Port.class, pauses);
    turnBegins();
  }

  public Dispatcher dispatcher() {
    return dispatcher;
  }

  public Keyspace keyspace() {
    return keyspace;
  }

  public Stats stats() {
    return stats;
  }

  /** Limits of requests: one argument, and all that a client may have unserved. */
  public void limits(long bulkBytes, long queryBufferBytes) {
    bulkBytesMax = bulkBytes;
    dispatcher.stringBytesMax(bulkBytes);
    dispatcher.queuedBytesMax(queryBufferBytes);
    queryBufferBytesMax = queryBufferBytes;
  }

  LookAhead lookAhead() {
    return lookAhead;
  }

  long bulkBytesMax() {
    return bulkBytesMax;
  }

  long queryBufferBytesMax() {
    return queryBufferBytesMax;
  }

  boolean trusts(Client client) {
    return client.authenticated || !gate.authRequired();
  }

  /** Lets {@code told} hear of each connection that is closed by us, and why. */
  public void onClosing(Consumer<String> told) {
    closings = told;
  }

  /** Lets connections be refused; without, all are taken. */
  public void admittedBy(Admission rules) {
    admission = rules;
  }

  /**
   * Closes clients that have been silent for so long; listeners and replicas may be, and so may who
   * waits for our reply.
   */
  public void closeIdle(long idleMsMax) {
    long now = clock.millis();
    for (Session session : List.copyOf(sessions.values())) {
      Client client = session.client();
      boolean mayBeSilent =
          client.kind != Client.Kind.NORMAL || client.subscriptions > 0 || session.isPaused();
      if (!mayBeSilent && now - client.lastAskedAtMs > idleMsMax) {
        close(client, "idle");
      }
    }
  }

  @Override
  public Conversation opened(Peer peer) {
    stats.connections++;
    String refusal =
        admission == null ? null : admission.findRefusal(sessions.size(), peer.remote());
    if (refusal != null) {
      stats.rejectedConnections++;
      return new Refused(peer, refusal);
    }
    Client client = new Client(nextId++, peer, new RespWriter(REPLY_BYTES), clock.millis());
    client.authenticated = !gate.authRequired();
    Session session = new Session(this, client, dispatcher);
    sessions.put(client.id, session);
    return session;
  }

  /** Takes the time once for all requests of a read turn. */
  void turnBegins() {
    long now = clock.millis();
    dispatcher.now(now);
    keyspace.clock(now);
  }

  /** Sends what commands of this turn wrote to clients other than their own. */
  void turnEnded() {
    for (int i = 0; i < woken.size(); i++) {
      Session session = sessions.get(woken.get(i).id);
      if (session != null) {
        session.flush();
        if (session.client().peer.pendingBytes() > UNREAD_BYTES_MAX) {
          close(session.client(), "does not read what it subscribed to");
        }
      }
    }
    woken.clear();
    afterTurn.run();
    servePostponed();
  }

  /**
   * Serves those whom a pause kept waiting, if it is over; never within another's command. If a
   * milder one still stands, whom that one holds back too comes to wait again, in the same order.
   */
  private void servePostponed() {
    if (postponed.isEmpty() || dispatcher.pause().compareTo(postponedBy) >= 0) {
      return;
    }
    List<Session> due = List.copyOf(postponed);
    // Emptied first: each of them ends a turn of its own, and may begin the next pause.
    postponed.clear();
    postponedBy = Pause.NONE;
    due.forEach(Session::resume);
  }

  /** Whether and for how long clients are kept waiting. */
  Pauses pauses() {
    return pauses;
  }

  /** Ends pauses that are over; ten times a second. */
  public void tick() {
    pauses.tick();
    servePostponed();
  }

  /** Keeps a session waiting until the pause of this moment is over. */
  void postpone(Session session) {
    Pause now = dispatcher.pause();
    postponedBy = now.compareTo(postponedBy) > 0 ? now : postponedBy;
    postponed.add(session);
    session.pause(() -> postponed.remove(session));
  }

  /** Whether a pause keeps a session waiting. */
  boolean isPostponed(Session session) {
    return postponed.contains(session);
  }

  @Override
  public Collection<Client> all() {
    return sessions.values().stream().map(Session::client).toList();
  }

  @Override
  public void wake(Client client) {
    woken.add(client);
  }

  @Override
  public void disconnect(Client client) {
    close(client, "killed");
  }

  @Override
  public void unsubscribe(Client client) {
    unsubscribers.forEach(forget -> forget.accept(client));
  }

  /** Lets whoever keeps subscriptions forget those of a client. */
  public void onUnsubscribe(Consumer<Client> forget) {
    unsubscribers.add(forget);
  }

  /** Lets {@code step} run after each turn of a client, once its replies are out. */
  public void afterTurn(Runnable step) {
    afterTurn = step;
  }

  /** Sends the replies that a client has so far. */
  void flush(Client client) {
    sessions.get(client.id).flush();
  }

  /** Gives a client's connection to someone else, who gets all that it sends from now on. */
  void handOver(Client client, Conversation heir) {
    sessions.get(client.id).handOver(heir);
  }

  /** Serves a client no more requests; {@code cancel} runs if it goes away before it is resumed. */
  public void pause(Client client, Runnable cancel) {
    sessions.get(client.id).pause(cancel);
  }

  /** Sends a paused client its replies and serves it again. */
  public void resume(Client client) {
    sessions.get(client.id).resume();
  }

  /**
   * Closes the connections of those who came to a master, once it is one no longer: whoever stays
   * would read what it had, and would not ask the sentinels who the master is. Replicas stay, and
   * so do sentinels, by what they said or by the name that every kind of them takes.
   */
  void dismissClients() {
    for (Session session : List.copyOf(sessions.values())) {
      Client client = session.client();
      boolean isSentinel = client.gaveOrder || client.name.toString().startsWith(SENTINEL_NAME);
      if (client.kind == Client.Kind.NORMAL && !isSentinel) {
        closings.accept(
            "Closing client " + client.id + " at " + client.peer.remote() + ": a replica now");
        session.dismiss();
      }
    }
  }

  /** Closes a client's connection, its unsent replies lost. */
  void close(Client client, String why) {
    client.closing = true;
    closings.accept("Closing client " + client.id + " at " + client.peer.remote() + ": " + why);
    client.peer.abort();
  }

  void closed(Session session) {
    Client client = session.client();
    sessions.remove(client.id);
    client.unwatch(keyspace.watched());
    unsubscribe(client);
  }

  /** The sessions that stand, oldest first. */
  Iterable<Session> sessions() {
    return sessions.values();
  }

  /** One round of deleting keys past their deadline; true when there may be more at once. */
  public boolean expireDue(int segmentsMax) {
    if (!dispatcher.deadlinesPass()) {
      // Only a master expires: two clocks must not decide about one key. Nor does one that is
      // paused, whose stream must stand still.
      return false;
    }
    turnBegins();
    boolean more = false;
    long now = clock.millis();
    for (int i = 0; i < keyspace.count(); i++) {
      int database = i;
      more |=
          keyspace.database(i).expire(now, segmentsMax, key -> dispatcher.expire(database, key));
    }
    return more;
  }
}
