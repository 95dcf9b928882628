package io.watchword.sentinel.api;

import io.watchword.bytes.Bytes;
import io.watchword.pubsub.PubSub;
import io.watchword.resp.Conversation;
import io.watchword.resp.Peer;
import io.watchword.resp.RespService;
import io.watchword.sentinel.core.Announcement;
import io.watchword.sentinel.core.Event;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The sentinel's clients: who is connected, who listens to which event, and the table of verbs. */
public final class ApiServer implements RespService {
  private static final int CLIENTS_MAX = 10_000;
  private static final Set<String> WHILE_SUBSCRIBED =
      Set.of("subscribe", "unsubscribe", "psubscribe", "punsubscribe", "ping", "quit");
  private static final String DENIED =
      "DENIED Redis is running in protected mode because protected mode is enabled and no password"
          + " is set for the default user. In this mode connections are only accepted from the"
          + " loopback interface.";

  private final Context context;
  private final boolean loopbackOnly;
  private final Map<Long, Session> sessions = new LinkedHashMap<>();
  private final PubSub<Session> pubsub = new PubSub<>();
  private final Map<String, Verb> verbs = new LinkedHashMap<>();
  private final long startedMs;
  private final Map<Long, Session> asking = new LinkedHashMap<>();
  private long lastId;
  private long lastTicket;
  private long connections;
  private long commands;

  /**
   * @param loopbackOnly whether others than this machine are turned away (protected mode)
   */
  public ApiServer(Context context, boolean loopbackOnly) {
    this.context = context;
    this.loopbackOnly = loopbackOnly;
    this.startedMs = context.wallMs().getAsLong();
    for (List<Verb> group :
        List.of(
            ConnectionVerbs.of(this),
            PubSubVerbs.of(this),
            SentinelVerbs.of(this),
            ServerVerbs.of(this))) {
      for (Verb verb : group) {
        verbs.put(verb.name(), verb);
      }
    }
  }

  Context context() {
    return context;
  }

  PubSub<Session> pubsub() {
    return pubsub;
  }

  Collection<Session> sessions() {
    return sessions.values();
  }

  Collection<Verb> verbs() {
    return verbs.values();
  }

  long startedMs() {
    return startedMs;
  }

  long connections() {
    return connections;
  }

  long commands() {
    return commands;
  }

  @Override
  public Conversation opened(Peer peer) {
    Session session = new Session(this, ++lastId, peer, context.wallMs().getAsLong());
    connections++;
    String refusal = null;
    if (loopbackOnly && !Peer.isLoopback(peer.remote())) {
      refusal = DENIED;
    } else if (sessions.size() >= CLIENTS_MAX) {
      refusal = "ERR max number of clients reached";
    } else {
      sessions.put(session.id, session);
    }
    if (refusal != null) {
      session.out.error(refusal);
      session.closeAfterReply();
      session.flush();
    }
    return session;
  }

  void closed(Session session) {
    sessions.remove(session.id);
    asking.values().remove(session);
    pubsub.leave(session);
  }

  void execute(Session session, List<Bytes> args) {
    commands++;
    session.activeMs = context.wallMs().getAsLong();
    String name = args.get(0).toString().toLowerCase(Locale.ROOT);
    Verb verb = verbs.get(name);
    if (verb == null) {
      session.out.error(unknown(args));
    } else if (!verb.takes(args.size())) {
      session.out.error("ERR wrong number of arguments for '" + name + "' command");
    } else if (session.out.protocol() == 2
        && pubsub.countOf(session) > 0
        && !WHILE_SUBSCRIBED.contains(name)) {
      session.out.error(
          "ERR Can't execute '"
              + name
              + "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in"
              + " this context");
    } else {
      session.lastCommand = name;
      verb.body().run(session, args);
    }
  }

  private static String unknown(List<Bytes> args) {
    StringBuilder text = new StringBuilder("ERR unknown command '");
    text.append(cut(args.get(0))).append("', with args beginning with: ");
    for (int i = 1; i < args.size() && text.length() < 256; i++) {
      text.append('\'').append(cut(args.get(i))).append("' ");
    }
    return text.toString();
  }

  private static String cut(Bytes word) {
    String text = word.toString();
    return text.length() > 128 ? text.substring(0, 128) : text;
  }

  /** Asks the sentinel for a failover; the client is served again once {@link #replied}. */
  void failOver(Session session, String master, boolean forced) {
    long ticket = ++lastTicket;
    asking.put(ticket, session);
    session.await();
    context.events().accept(new Event.FailoverWanted(ticket, master, forced));
  }

  /** What a client asked for is answered; it may have gone meanwhile. */
  public void replied(long ticket, boolean ok, String text) {
    Session session = asking.remove(ticket);
    if (session != null) {
      session.answered(ok, text);
    }
  }

  /** Publishes an event to whoever listens. */
  public void publish(Announcement event) {
    Bytes channel = Bytes.of(event.event());
    Bytes payload = Bytes.of(event.payload());
    pubsub.publish(
        channel,
        new PubSub.Delivery<>() {
          @Override
          public void toChannel(Session listener) {
            listener.out.push(3);
            listener.out.bulk("message");
            listener.out.bulk(channel);
            listener.out.bulk(payload);
            listener.flush();
          }

          @Override
          public void toPattern(Session listener, Bytes pattern) {
            listener.out.push(4);
            listener.out.bulk("pmessage");
            listener.out.bulk(pattern);
            listener.out.bulk(channel);
            listener.out.bulk(payload);
            listener.flush();
          }
        });
  }
}
