package io.watchword.server;

import io.watchword.command.Client;
import io.watchword.command.Clients;
import io.watchword.config.Config;
import io.watchword.config.Directives;
import java.util.List;

/** INFO clients. */
final class ClientsSection implements InfoSection {
  private final Clients clients;
  private final Config config;

  ClientsSection(Clients clients, Config config) {
    this.clients = clients;
    this.config = config;
  }

  @Override
  public String title() {
    return "Clients";
  }

  @Override
  public List<String> lines() {
    int connected = 0;
    long input = 0;
    long output = 0;
    int waiting = 0;
    for (Client client : clients.all()) {
      connected += client.kind == Client.Kind.NORMAL ? 1 : 0;
      waiting += client.waits ? 1 : 0;
      input = Math.max(input, client.heldBytes);
      output = Math.max(output, client.peer.pendingBytes());
    }
    return new Lines()
        .add("connected_clients", connected)
        .add("cluster_connections", 0)
        .add("maxclients", config.get(Directives.MAXCLIENTS))
        .add("client_recent_max_input_buffer", input)
        .add("client_recent_max_output_buffer", output)
        .add("blocked_clients", waiting)
        .zeros("tracking_clients", "clients_in_timeout_table")
        .zeros("total_blocking_keys", "total_blocking_keys_on_nokey")
        .done();
  }
}
