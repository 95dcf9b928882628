package io.watchword.sentinel.probe;

import io.watchword.resp.Conversation;
import io.watchword.resp.Peer;
import io.watchword.resp.Reply;
import io.watchword.sentinel.core.Address;
import io.watchword.sentinel.core.Effect;
import io.watchword.sentinel.core.Event;
import io.watchword.sentinel.core.NodeInfo;
import io.watchword.sentinel.core.Order;
import io.watchword.sentinel.core.OrderReply;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * All connections of one sentinel: performs the effects that need one and turns what comes back
 * into events. Runs on the sentinel's thread.
 */
public final class Links {
  private static final String HELLO_CHANNEL = "__sentinel__:hello";
  private final Dialer dialer;
  private final Function<Address, Credentials> credentials;
  private final String clientName;
  private final Consumer<Event> events;
  private final Consumer<String> complaints;
  private final Map<Address, NodeLink> up = new TreeMap<>();
  private final Map<Address, Object> dialling = new TreeMap<>();

  /**
   * @param credentials how to authenticate at a node
   * @param clientName what CLIENT LIST of a node shows
   * @param complaints told of refused passwords
   */
  public Links(
      Dialer dialer,
      Function<Address, Credentials> credentials,
      String clientName,
      Consumer<Event> events,
      Consumer<String> complaints) {
    this.dialer = dialer;
    this.credentials = credentials;
    this.clientName = clientName;
    this.events = events;
    this.complaints = complaints;
  }

  /** Performs one effect. Answers false when it is none of a connection's. */
  public boolean perform(Effect effect) {
    if (effect instanceof Effect.Connect e) {
      connect(e.node());
    } else if (effect instanceof Effect.Disconnect e) {
      disconnect(e.node());
    } else if (effect instanceof Effect.Ping e) {
      ask(e.node(), List.of("PING"), r -> events.accept(new Event.Ponged(e.node(), r.text())));
    } else if (effect instanceof Effect.AskInfo e) {
      ask(e.node(), List.of("INFO"), r -> informed(e.node(), r));
    } else if (effect instanceof Effect.Hello e) {
      ask(e.node(), List.of("PUBLISH", HELLO_CHANNEL, e.payload()), r -> {});
    } else if (effect instanceof Effect.Send e) {
      order(e);
    } else {
      return false;
    }
    return true;
  }

  private void connect(Address node) {
    Object attempt = new Object();
    dialling.put(node, attempt);
    dialer.dial(
        node,
        peer -> opened(node, attempt, peer),
        why -> {
          if (dialling.remove(node, attempt)) {
            events.accept(new Event.LinkLost(node));
          }
        });
  }

  private Conversation opened(Address node, Object attempt, Peer peer) {
    NodeLink[] self = new NodeLink[1];
    NodeLink link =
        new NodeLink(
            peer,
            () -> {
              if (up.remove(node, self[0])) {
                events.accept(new Event.LinkLost(node));
              }
            });
    self[0] = link;
    if (!dialling.remove(node, attempt)) {
      // Given up meanwhile.
      link.drop();
      return link;
    }
    up.put(node, link);
    List<String> auth = credentials.apply(node).words();
    if (!auth.isEmpty()) {
      ask(node, auth, r -> complain(node, r));
    }
    ask(node, List.of("CLIENT", "SETNAME", clientName), r -> {});
    events.accept(new Event.LinkUp(node));
    return link;
  }

  private void complain(Address node, Reply reply) {
    if (reply instanceof Reply.Failure failure) {
      complaints.accept("AUTH at " + node + " was refused: " + failure.text());
    }
  }

  private void disconnect(Address node) {
    dialling.remove(node);
    NodeLink link = up.remove(node);
    if (link != null) {
      link.drop();
    }
  }

  private void informed(Address node, Reply reply) {
    if (reply instanceof Reply.Failure) {
      events.accept(new Event.InfoRefused(node));
    } else {
      events.accept(new Event.Informed(node, NodeInfo.parse(reply.text())));
    }
  }

  private void order(Effect.Send e) {
    Order order = e.order();
    Consumer<OrderReply> answer = r -> events.accept(new Event.Answered(e.node(), order, r));
    NodeLink link = up.get(e.node());
    if (link == null) {
      answer.accept(new OrderReply.Lost());
      return;
    }
    List<List<String>> requests = OrderWords.of(order, e.watchword());
    for (List<String> request : requests.subList(0, requests.size() - 1)) {
      link.ask(request, new NodeLink.Waiter(r -> {}, () -> {}));
    }
    link.ask(
        requests.get(requests.size() - 1),
        new NodeLink.Waiter(
            r -> answer.accept(OrderWords.outcome(order, e.watchword(), r)),
            () -> answer.accept(new OrderReply.Lost())));
  }

  private void ask(Address node, List<String> words, Consumer<Reply> replied) {
    NodeLink link = up.get(node);
    if (link != null) {
      link.ask(words, new NodeLink.Waiter(replied, () -> {}));
    }
  }
}
