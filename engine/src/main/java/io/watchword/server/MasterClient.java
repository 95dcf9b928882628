package io.watchword.server;

import io.watchword.command.Client;
import io.watchword.command.Dispatcher;
import io.watchword.replication.Units;
import io.watchword.resp.RequestReader;
import io.watchword.resp.RespWriter;
import io.watchword.sys.Check;
import io.watchword.sys.Log;
import java.nio.charset.StandardCharsets;

/**
 * Runs the commands of a master's stream. The client that it runs them as answers nobody; what it
 * would answer is only looked at for errors, since a command that fails here and did not fail at
 * the master means that the two hold different data.
 */
final class MasterClient {
  private static final int REPLY_BYTES = 1 << 10;
  private static final int SHOWN_BYTES_MAX = 256;

  private final Dispatcher dispatcher;
  private final Log log;
  private final RequestReader reader = new RequestReader();
  private final Client client;

  MasterClient(Dispatcher dispatcher, Log log) {
    this.dispatcher = dispatcher;
    this.log = log;
    client = new Client(0, null, new RespWriter(REPLY_BYTES), 0);
    client.kind = Client.Kind.MASTER;
    client.authenticated = true;
  }

  void run(Units units) {
    client.database = units.db();
    int at = units.from();
    while (at < units.to()) {
      RequestReader.Status status = reader.read(units.bytes(), at, units.to());
      Check.that(status == RequestReader.Status.READY, "half a command in a whole unit");
      if (reader.argc() > 0) {
        dispatcher.execute(client, reader, units.bytes(), at);
        complain(units.bytes(), at);
        client.out.clear();
      }
      at += reader.scanned();
      reader.next();
    }
  }

  private void complain(byte[] b, int at) {
    RespWriter out = client.out;
    if (out.size() > 0 && out.array()[0] == '-') {
      String error = new String(out.array(), 1, out.size() - 3, StandardCharsets.UTF_8);
      int length = Math.min(reader.scanned(), SHOWN_BYTES_MAX);
      log.warning(
          "== CRITICAL == This replica is sending an error to its master: '"
              + error
              + "' after processing the command "
              + new String(b, at, length, StandardCharsets.UTF_8).replace("\r\n", " "));
    }
  }
}
