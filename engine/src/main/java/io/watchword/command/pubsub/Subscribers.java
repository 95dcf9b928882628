package io.watchword.command.pubsub;

import io.watchword.bytes.Bytes;
import io.watchword.command.Client;
import io.watchword.command.Clients;
import io.watchword.pubsub.PubSub;

/**
 * The clients that subscribed, and the messages written to them. The server has one, offers it to
 * commands as a port, and lets it {@link #forget} clients that leave. Command thread.
 */
public final class Subscribers {
  private final PubSub<Client> pubSub = new PubSub<>();
  private final Clients clients;

  public Subscribers(Clients clients) {
    this.clients = clients;
  }

  /** Who listens to what. */
  PubSub<Client> all() {
    return pubSub;
  }

  /** How many channels somebody listens to. */
  public int channels() {
    return pubSub.channels();
  }

  /** How many patterns somebody listens to. */
  public int patterns() {
    return pubSub.patterns();
  }

  /** Writes a message to everybody it is for and returns to how many subscriptions it went. */
  public int publish(Bytes channel, Bytes message) {
    return pubSub.publish(
        channel,
        new PubSub.Delivery<>() {
          @Override
          public void toChannel(Client listener) {
            listener.out.push(3);
            listener.out.bulk("message");
            listener.out.bulk(channel);
            listener.out.bulk(message);
            clients.wake(listener);
          }

          @Override
          public void toPattern(Client listener, Bytes pattern) {
            listener.out.push(4);
            listener.out.bulk("pmessage");
            listener.out.bulk(pattern);
            listener.out.bulk(channel);
            listener.out.bulk(message);
            clients.wake(listener);
          }
        });
  }

  /** Ends all subscriptions of a client without a word to it. */
  public void forget(Client client) {
    pubSub.leave(client);
    count(client);
  }

  /** Brings the counts that a client carries up to date. */
  void count(Client client) {
    client.subscriptions = pubSub.countOf(client);
    client.patterns = pubSub.patternsOf(client).size();
  }
}
