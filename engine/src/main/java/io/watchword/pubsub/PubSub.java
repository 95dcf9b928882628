package io.watchword.pubsub;

import io.watchword.bytes.Bytes;
import io.watchword.bytes.Glob;
import java.util.ArrayList;
import java.util.List;

/**
 * Channels and patterns with their listeners, and the rule who gets a message: first those who
 * subscribed to the channel, then for each pattern that matches those who subscribed to it. A
 * listener with several matching subscriptions gets the message several times, as in Redis.
 *
 * <p>Used by the command thread.
 *
 * @param <L> a listener, compared by {@code equals}
 */
public final class PubSub<L> {
  private final Subscriptions<L> channels = new Subscriptions<>();
  private final Subscriptions<L> patterns = new Subscriptions<>();

  /** Takes one delivery of a message. */
  public interface Delivery<L> {
    /** For a listener of the channel itself. */
    void toChannel(L listener);

    /** For a listener of a pattern that matches the channel. */
    void toPattern(L listener, Bytes pattern);
  }

  /** Whether the subscription is new. */
  public boolean subscribe(L listener, Bytes channel) {
    return channels.add(listener, channel);
  }

  /** Whether there was such a subscription. */
  public boolean unsubscribe(L listener, Bytes channel) {
    return channels.remove(listener, channel);
  }

  /** Whether the subscription is new. */
  public boolean subscribePattern(L listener, Bytes pattern) {
    return patterns.add(listener, pattern);
  }

  /** Whether there was such a subscription. */
  public boolean unsubscribePattern(L listener, Bytes pattern) {
    return patterns.remove(listener, pattern);
  }

  /** The channels of a listener in the order of subscription. */
  public List<Bytes> channelsOf(L listener) {
    return channels.of(listener);
  }

  /** The patterns of a listener in the order of subscription. */
  public List<Bytes> patternsOf(L listener) {
    return patterns.of(listener);
  }

  /** How many channels and patterns a listener has: the count in every confirmation. */
  public int countOf(L listener) {
    return channels.countOf(listener) + patterns.countOf(listener);
  }

  /** Forgets a listener that is gone. */
  public void leave(L listener) {
    channels.of(listener).forEach(channel -> channels.remove(listener, channel));
    patterns.of(listener).forEach(pattern -> patterns.remove(listener, pattern));
  }

  /** Hands a message on {@code channel} to all who must get it and returns how many times. */
  public int publish(Bytes channel, Delivery<L> delivery) {
    int delivered = 0;
    for (L listener : channels.listenersOf(channel)) {
      delivery.toChannel(listener);
      delivered++;
    }
    if (patterns.size() == 0) {
      return delivered;
    }
    for (Bytes pattern : patterns.names()) {
      if (Glob.matches(pattern, channel.array(), 0, channel.length())) {
        for (L listener : patterns.listenersOf(pattern)) {
          delivery.toPattern(listener, pattern);
          delivered++;
        }
      }
    }
    return delivered;
  }

  /** Channels that somebody listens to and that match the pattern; all when it is null. */
  public List<Bytes> channelsMatching(Bytes patternOrNull) {
    List<Bytes> found = new ArrayList<>();
    for (Bytes name : channels.names()) {
      if (patternOrNull == null || Glob.matches(patternOrNull, name.array(), 0, name.length())) {
        found.add(name);
      }
    }
    return found;
  }

  /** How many listen to exactly this channel. */
  public int listenersOf(Bytes channel) {
    return channels.listenersOf(channel).size();
  }

  /** How many channels somebody listens to. */
  public int channels() {
    return channels.size();
  }

  /** How many different patterns somebody listens to. */
  public int patterns() {
    return patterns.size();
  }
}
