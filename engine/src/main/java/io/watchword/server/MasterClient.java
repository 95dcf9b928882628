package io.watchword.server;

import io.watchword.command.Client;
import io.watchword.command.CommandError;
import io.watchword.command.Dispatcher;
import io.watchword.replication.Units;
import io.watchword.resp.Reply;
import io.watchword.resp.ReplyReader;
import io.watchword.resp.RequestReader;
import io.watchword.resp.RespWriter;
import io.watchword.sys.Check;
import io.watchword.sys.Log;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the commands of a master's stream. The client that it runs them as answers nobody; what it
 * would answer is only looked at for errors, since a command that fails here and did not fail at
 * the master means that the two hold different data.
 */
final class MasterClient {
  private static final int REPLY_BYTES = 1 << 10;
  private static final int SHOWN_BYTES_MAX = 256;

  private static final String OUT_OF_MEMORY = CommandError.OUT_OF_MEMORY.getMessage();

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
    reader.bulkBytesMax(Integer.MAX_VALUE);
  }

  /**
   * Runs all commands, or those before one that cannot be run for lack of something or for a fault
   * of ours: a replica that went on after it would confirm what it does not hold.
   *
   * @return why not all were run, or null
   */
  String run(Units units) {
    client.database = units.db();
    int at = units.from();
    String problem = null;
    while (at < units.to() && problem == null) {
      RequestReader.Status status = reader.read(units.bytes(), at, units.to());
      Check.that(status == RequestReader.Status.READY, "half a command in a whole unit");
      if (reader.argc() > 0) {
        problem = execute(units.bytes(), at);
      }
      at += reader.scanned();
      reader.next();
    }
    return problem;
  }

  private String execute(byte[] b, int at) {
    try {
      dispatcher.execute(client, reader, b, at);
    } catch (RuntimeException fault) {
      complain(fault.toString(), b, at);
      client.out.clear();
      client.discardQueue();
      return fault.toString();
    }
    RespWriter out = client.out;
    String lack = null;
    for (String error : errors(out.array(), out.size())) {
      complain(error, b, at);
      lack = isLack(error) ? error : lack;
    }
    out.clear();
    return lack;
  }

  /**
   * Whether what comes next would be applied to other data than the master has: for lack of memory,
   * of a database, or of a whole transaction. One command that fails is only told, as in Redis.
   */
  private boolean isLack(String error) {
    return error.contains(OUT_OF_MEMORY)
        || error.equals(CommandError.DB_INDEX.getMessage())
        || error.startsWith("EXECABORT")
        || client.queueBroken;
  }

  private void complain(String error, byte[] b, int at) {
    int length = Math.min(reader.scanned(), SHOWN_BYTES_MAX);
    log.warning(
        "== CRITICAL == This replica is sending an error to its master: '"
            + error
            + "' after processing the command "
            + new String(b, at, length, StandardCharsets.UTF_8).replace("\r\n", " "));
  }

  /** The errors in a reply, those of a transaction's commands included. */
  private static List<String> errors(byte[] b, int length) {
    List<String> found = new ArrayList<>();
    boolean mayHold = length > 0 && (b[0] == '-' || b[0] == '*');
    if (!mayHold) {
      return found;
    }
    ReplyReader replies = new ReplyReader(Integer.MAX_VALUE);
    replies.feed(b, 0, length);
    try {
      Reply reply = replies.findNext();
      while (reply != null) {
        collect(reply, found);
        reply = replies.findNext();
      }
    } catch (ReplyReader.MalformedReply e) {
      throw new IllegalStateException("a reply of ours that is none", e);
    }
    return found;
  }

  private static void collect(Reply reply, List<String> found) {
    if (reply instanceof Reply.Failure failure) {
      found.add(failure.text());
    } else if (reply instanceof Reply.Many many) {
      many.items().forEach(item -> collect(item, found));
    }
  }
}
