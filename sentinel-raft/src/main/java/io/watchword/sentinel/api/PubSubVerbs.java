package io.watchword.sentinel.api;

import io.watchword.bytes.Bytes;
import java.util.List;

/** SUBSCRIBE and its siblings; PUBLISH, which a sentinel's clients have no use for. */
final class PubSubVerbs {
  private final ApiServer server;

  private PubSubVerbs(ApiServer server) {
    this.server = server;
  }

  static List<Verb> of(ApiServer server) {
    PubSubVerbs v = new PubSubVerbs(server);
    return List.of(
        new Verb("subscribe", -2, v::subscribe),
        new Verb("psubscribe", -2, v::psubscribe),
        new Verb("unsubscribe", -1, v::unsubscribe),
        new Verb("punsubscribe", -1, v::punsubscribe),
        new Verb("publish", 3, v::publish));
  }

  private void subscribe(Session s, List<Bytes> args) {
    for (Bytes channel : args.subList(1, args.size())) {
      server.pubsub().subscribe(s, channel);
      confirm(s, "subscribe", channel);
    }
  }

  private void psubscribe(Session s, List<Bytes> args) {
    for (Bytes pattern : args.subList(1, args.size())) {
      server.pubsub().subscribePattern(s, pattern);
      confirm(s, "psubscribe", pattern);
    }
  }

  private void unsubscribe(Session s, List<Bytes> args) {
    List<Bytes> channels =
        args.size() > 1 ? args.subList(1, args.size()) : server.pubsub().channelsOf(s);
    for (Bytes channel : channels) {
      server.pubsub().unsubscribe(s, channel);
      confirm(s, "unsubscribe", channel);
    }
    if (channels.isEmpty()) {
      confirm(s, "unsubscribe", null);
    }
  }

  private void punsubscribe(Session s, List<Bytes> args) {
    List<Bytes> patterns =
        args.size() > 1 ? args.subList(1, args.size()) : server.pubsub().patternsOf(s);
    for (Bytes pattern : patterns) {
      server.pubsub().unsubscribePattern(s, pattern);
      confirm(s, "punsubscribe", pattern);
    }
    if (patterns.isEmpty()) {
      confirm(s, "punsubscribe", null);
    }
  }

  private void confirm(Session s, String what, Bytes nameOrNull) {
    s.out.push(3);
    s.out.bulk(what);
    if (nameOrNull == null) {
      s.out.nil();
    } else {
      s.out.bulk(nameOrNull);
    }
    s.out.integer(server.pubsub().countOf(s));
  }

  private void publish(Session s, List<Bytes> args) {
    // Redis Sentinel takes hello messages from its peers here; ours know each other by the log.
    s.out.error("ERR Only HELLO messages are accepted by Sentinel instances.");
  }
}
