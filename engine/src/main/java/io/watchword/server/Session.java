package io.watchword.server;

import io.watchword.command.Client;
import io.watchword.command.Dispatcher;
import io.watchword.resp.Conversation;
import io.watchword.resp.RequestReader;
import io.watchword.resp.RespWriter;
import java.util.Arrays;

/**
 * One client connection: cuts what arrives into requests, has them run, and sends the replies of a
 * read turn together.
 *
 * <p>Requests are read in the array that {@code net} lends. Only a request that is cut off at the
 * end of it is kept, in an array of this session.
 */
final class Session implements Conversation {
  private static final int SEND_EARLY_BYTES = 1 << 18;
  private static final int KEEP_BYTES_MAX = 1 << 16;

  /**
   * What a client that a pause holds back may send ahead before its connection is read no further.
   */
  private static final int AHEAD_BYTES_MAX = 1 << 20;

  private static final byte[] NOTHING = new byte[0];

  private final Engine engine;
  private final Client client;
  private final Dispatcher dispatcher;
  private final RequestReader reader = new RequestReader();
  private byte[] held = NOTHING;
  private int heldLength;

  /** Cancels what the client waits for; null while it is served. */
  private Runnable waiting;

  /** Whether the connection is read no further until the pause is over. */
  private boolean unread;

  /** Whether the connection closes when what was kept waiting is answered. */
  private boolean dismissed;

  /** Takes the bytes when the connection is no longer a plain client's; see {@link #handOver}. */
  private Conversation heir;

  Session(Engine engine, Client client, Dispatcher dispatcher) {
    this.engine = engine;
    this.client = client;
    this.dispatcher = dispatcher;
    reader.bulkBytesMax(engine.bulkBytesMax());
  }

  Client client() {
    return client;
  }

  /** From now on bytes go to {@code next}, as when a replica has sent PSYNC. */
  void handOver(Conversation next) {
    heir = next;
  }

  /** Serves no more requests until {@link #resume}; {@code cancel} runs if the client goes away. */
  void pause(Runnable cancel) {
    waiting = cancel;
    client.waits = true;
  }

  /** Whether the client waits for something, as in WAIT. */
  boolean isPaused() {
    return waiting != null;
  }

  /** Goes on with what has come since the pause. */
  void resume() {
    waiting = null;
    client.waits = false;
    engine.turnBegins();
    serveHeld();
    if (dismissed && waiting == null) {
      client.closing = true;
    }
    flush();
    readAgain();
    engine.turnEnded();
  }

  /**
   * Closes the connection behind the replies to what has come. What is kept waiting is answered
   * first, so that its sender knows whether it was done.
   */
  void dismiss() {
    if (waiting != null) {
      dismissed = true;
      return;
    }
    client.closing = true;
    flush();
  }

  private void readAgain() {
    if (unread && !engine.isPostponed(this)) {
      unread = false;
      client.peer.readMore(true);
    }
  }

  @Override
  public void received(byte[] data, int from, int to) {
    engine.stats().inputBytes += to - from;
    engine.stats().reads++;
    if (heir != null) {
      heir.received(data, from, to);
      return;
    }
    if (waiting != null) {
      hold(data, from, to);
      pushBack();
      return;
    }
    engine.turnBegins();
    if (heldLength == 0) {
      int end = serve(data, from, to);
      if (end < to && heir == null) {
        hold(data, end, to);
      }
      return;
    }
    hold(data, from, to);
    serveHeld();
  }

  /**
   * Leaves to the far end's kernel what a client sends ahead that a pause holds back. A hang-up
   * behind it is noticed when the pause is over; a WAIT may have no end, so it is read on.
   */
  private void pushBack() {
    if (!unread && heldLength > AHEAD_BYTES_MAX && engine.isPostponed(this)) {
      unread = true;
      client.peer.readMore(false);
    }
  }

  private void serveHeld() {
    int end = serve(held, 0, heldLength);
    if (heir != null) {
      return;
    }
    System.arraycopy(held, end, held, 0, heldLength - end);
    heldLength -= end;
    if (heldLength == 0 && held.length > KEEP_BYTES_MAX) {
      held = NOTHING;
    }
    client.heldBytes = heldLength;
  }

  private void hold(byte[] data, int from, int to) {
    int length = Math.addExact(heldLength, to - from);
    if (length > engine.queryBufferBytesMax()) {
      engine.close(client, "query buffer limit reached");
      return;
    }
    if (length > held.length) {
      // Grow with what has come, not with what was announced: an announcement costs its sender
      // nothing.
      held = Arrays.copyOf(held, Math.max(length, Math.min(2 * held.length, 1 << 30)));
    }
    System.arraycopy(data, from, held, heldLength, to - from);
    heldLength = length;
    client.heldBytes = heldLength;
  }

  /**
   * Serves the whole requests in {@code data[from, to)}; returns where the first unfinished begins.
   */
  private int serve(byte[] data, int from, int to) {
    int at = from;
    int seenTo = from;
    while (!client.closing && waiting == null) {
      reader.trusted(engine.trusts(client));
      RequestReader.Status status = reader.read(data, at, to);
      if (status == RequestReader.Status.MORE) {
        return at;
      }
      if (status == RequestReader.Status.BROKEN) {
        client.out.error(reader.problem());
        client.closing = true;
        return to;
      }
      int next = at + reader.scanned();
      if (next < to && at >= seenTo) {
        seenTo = engine.lookAhead().look(data, at, to, client.database);
      }
      if (reader.argc() > 0 && !dispatcher.execute(client, reader, data, at)) {
        // It is read again, from its first byte, when the pause is over.
        reader.next();
        engine.postpone(this);
        return at;
      }
      reader.next();
      at = next;
      if (heir != null) {
        if (at < to) {
          heir.received(data, at, to);
        }
        return to;
      }
      if (client.out.size() > SEND_EARLY_BYTES) {
        send();
      }
    }
    return client.closing ? to : at;
  }

  private void send() {
    RespWriter out = client.out;
    if (out.size() > 0) {
      engine.stats().outputBytes += out.size();
      engine.stats().writes++;
      client.peer.send(out.array(), 0, out.size());
      out.clear();
    }
  }

  /** Sends and flushes what is written; also for what others wrote to this client. */
  void flush() {
    if (client.out.size() > 0) {
      send();
      client.peer.flush();
    }
    if (client.closing) {
      client.peer.close();
    }
  }

  @Override
  public void turnEnded() {
    if (heir != null) {
      heir.turnEnded();
      return;
    }
    flush();
    engine.turnEnded();
  }

  @Override
  public void writable() {
    if (heir != null) {
      heir.writable();
    }
  }

  @Override
  public void closed(String why) {
    if (heir != null) {
      heir.closed(why);
    }
    if (waiting != null) {
      waiting.run();
    }
    engine.closed(this);
  }
}
