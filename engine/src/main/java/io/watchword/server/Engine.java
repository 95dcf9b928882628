package io.watchword.server;

import io.watchword.command.Client;
import io.watchword.command.CommandTable;
import io.watchword.command.Dispatcher;
import io.watchword.command.Gate;
import io.watchword.command.Journal;
import io.watchword.command.Stats;
import io.watchword.keyspace.Keyspace;
import io.watchword.resp.Conversation;
import io.watchword.resp.Peer;
import io.watchword.resp.RespService;
import io.watchword.resp.RespWriter;
import io.watchword.sys.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The one thread that owns the keyspace, seen as a service of connections. Everything here is
 * called on that thread.
 */
public final class Engine implements RespService {
  private static final int REPLY_BYTES = 1 << 14;

  private final Clock clock;
  private final Keyspace keyspace;
  private final Dispatcher dispatcher;
  private final Stats stats = new Stats();
  private final Map<Long, Session> sessions = new LinkedHashMap<>();
  private final Gate.State gate;
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
    queryBufferBytesMax = queryBufferBytes;
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

  @Override
  public Conversation opened(Peer peer) {
    stats.connections++;
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

  void turnEnded() {}

  /** Closes a client's connection, its unsent replies lost. */
  void close(Client client, String why) {
    client.closing = true;
    client.peer.close();
  }

  void closed(Session session) {
    sessions.remove(session.client().id);
  }

  /** The sessions that stand, oldest first. */
  Iterable<Session> sessions() {
    return sessions.values();
  }

  /** One round of deleting keys past their deadline; true when there may be more at once. */
  public boolean expireDue(int segmentsMax) {
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
