package io.watchword.command;

import java.util.Collection;

/** What commands may ask of the connections. Command thread. */
public interface Clients {
  /** Every client that is connected, oldest first. */
  Collection<Client> all();

  /** Something was written to this client by somebody else's command: send it soon. */
  void wake(Client client);

  /** Closes a connection; what was not sent yet is lost. */
  void disconnect(Client client);

  /** Ends all subscriptions of a client without telling it. */
  void unsubscribe(Client client);
}
