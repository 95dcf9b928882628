package io.watchword.replication;

import io.watchword.resp.Request;
import io.watchword.sys.Check;
import io.watchword.sys.Log;
import io.watchword.sys.Machine;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The replica's end of a replication link: from the dial to the stream, as Redis 7 speaks it.
 *
 * <pre>
 *   IDLE -> CONNECTING -> GREETING -> ASKING -> LOADING -> STREAMING
 *             ^                         |                    ^  |
 *             |                         +---- +CONTINUE -----+  |
 *             +---------------- any failure --------------------+
 * </pre>
 *
 * <p>A snapshot is stored whole before anything of ours is dropped, so a transfer that breaks off
 * leaves data and history as they were, and so does one that {@link EmptyMasterGuard} refuses. A
 * link that was lost while streaming is dialled again at once, since the master's backlog runs on;
 * any other failure waits a second, as Redis's cron does.
 *
 * <p>The link reads the node's history and changes nothing of it: what it learns leaves as effects
 * that {@link ReplicationNode} hands to {@link Replication}.
 */
public final class ReplicaLink implements Machine<LinkEvent, LinkEffect, ReplicaLink.View> {
  /** How often a replica says where it is. */
  static final long ACK_PERIOD_MS = 1_000;

  private static final long RETRY_MS = 1_000;

  /** A snapshot that was refused was sent whole: it is not asked for every second. */
  private static final long REFUSED_RETRY_MS = 10_000;

  private static final int LINE_BYTES_MAX = 1 << 16;

  /** Where a link stands. */
  public enum Phase {
    /** No connection; dialled again when it is time. */
    IDLE,
    /** The dial is under way. */
    CONNECTING,
    /** PING, AUTH and REPLCONF are being answered. */
    GREETING,
    /** PSYNC or SYNC was sent. */
    ASKING,
    /** A snapshot arrives or is being loaded. */
    LOADING,
    /** Units arrive and are applied. */
    STREAMING
  }

  /** The variables that are worth a trace line. */
  public record View(Phase phase, String master) {}

  private final Supplier<LinkSettings> settings;
  private final Supplier<History> history;
  private final Supplier<Boolean> resumable;
  private final StreamParser parser;
  private final LinkLine line = new LinkLine(LINE_BYTES_MAX);
  private final ByteArrayOutputStream early = new ByteArrayOutputStream();

  private Greeting greeting;
  private Phase phase = Phase.IDLE;
  private String host = "";
  private int port;
  private int dial;
  private boolean synced;
  private boolean wantsAll;
  private boolean ordered;
  private String orderedReplid = "";
  private boolean refused;
  private PayloadReader payload;
  private boolean payloadWhole;
  private String lostInLoad = "";
  private String loadingReplid = "";
  private long loadingOffset;
  private long heardAt;
  private long saidAt;
  private long retryAt;
  private long lostAt;
  private long payloadBytes;
  private long now;
  private List<LinkEffect> out = new ArrayList<>();

  /**
   * @param settings read at each use, since CONFIG SET changes them
   * @param history the node's history at this moment
   * @param resumable whether that history names data that a master could know
   * @param countEnds see {@link StreamParser}
   */
  ReplicaLink(
      Supplier<LinkSettings> settings,
      Supplier<History> history,
      Supplier<Boolean> resumable,
      boolean countEnds) {
    this.settings = settings;
    this.history = history;
    this.resumable = resumable;
    this.parser = new StreamParser(countEnds);
  }

  @Override
  public View view() {
    return new View(phase, host.isEmpty() ? "" : host + ":" + port);
  }

  @Override
  public List<LinkEffect> step(long nowMs, LinkEvent event) {
    Check.that(nowMs >= now, "time went backwards");
    now = nowMs;
    out = new ArrayList<>();
    event.to(this);
    return out;
  }

  Phase phase() {
    return phase;
  }

  /** Database that the stream has selected at our offset. */
  int db() {
    return parser.db();
  }

  /** Number of the present dial. */
  int dial() {
    return dial;
  }

  /** Whether the last snapshot that came was refused. */
  boolean isRefusing() {
    return refused;
  }

  /** When the master was last heard of. */
  long heardAt() {
    return heardAt;
  }

  /** When the link went down; the time of the last order to follow when it never stood. */
  long lostAt() {
    return lostAt;
  }

  /** Whether a snapshot is arriving, and how many of its bytes came. */
  long payloadBytes() {
    return payloadBytes;
  }

  /** Announced length of the snapshot that arrives, or -1. */
  long payloadLength() {
    return payload == null || payload.length() < 0 ? -1 : payloadBytes + payload.length();
  }

  /**
   * Says which database the stream has selected at our offset, when it was not read from a link.
   */
  void resumeInDb(int db) {
    parser.start(db);
  }

  void on(LinkEvent.Follow event) {
    drop();
    host = event.host();
    port = event.port();
    wantsAll = false;
    ordered = event.ordered();
    orderedReplid = "";
    refused = false;
    lostAt = now;
    notice("Connecting to MASTER " + host + ":" + port);
    connect();
  }

  void on(LinkEvent.Unfollow event) {
    drop();
    host = "";
    port = 0;
    refused = false;
  }

  void on(LinkEvent.Connected event) {
    if (event.dial() != dial || phase != Phase.CONNECTING) {
      return;
    }
    heardAt = now;
    phase = Phase.GREETING;
    notice("Non blocking connect for SYNC fired the event.");
    greeting = new Greeting(settings, this::send, this::notice);
  }

  void on(LinkEvent.Lost event) {
    if (event.dial() != dial || phase == Phase.IDLE) {
      return;
    }
    if (payloadWhole) {
      // The load goes on: half of it is already in place of what we had.
      lostInLoad = event.why();
      return;
    }
    if (phase == Phase.CONNECTING) {
      warning("Error condition on socket for SYNC: " + event.why());
    }
    fail(event.why());
  }

  void on(LinkEvent.Received event) {
    if (event.dial() != dial) {
      return;
    }
    heardAt = now;
    receive(event.data(), event.from(), event.to());
  }

  void on(LinkEvent.Examined event) {
    if (event.dial() != dial || phase != Phase.LOADING) {
      return;
    }
    String refusal =
        EmptyMasterGuard.findRefusal(
            history.get(), event.epoch(), event.holdsData(), loadingReplid, event.head());
    if (refusal == null) {
      out.add(takeOver());
    } else {
      refuse(refusal);
    }
  }

  void on(LinkEvent.Loaded event) {
    if (event.dial() != dial || phase != Phase.LOADING) {
      return;
    }
    notice("MASTER <-> REPLICA sync: Finished with success");
    payload = null;
    wantsAll = false;
    stream(event.db());
    // A master that sent the snapshot by mark holds its stream back until it hears of us.
    ack(history.get().offset());
    out.add(new LinkEffect.PauseReading(false));
    byte[] waiting = early.toByteArray();
    early.reset();
    receive(waiting, 0, waiting.length);
    if (!lostInLoad.isEmpty()) {
      fail(lostInLoad);
    }
  }

  void on(LinkEvent.LoadFailed event) {
    if (event.dial() == dial && phase == Phase.LOADING) {
      warning("Failed trying to load the MASTER synchronization DB from disk: " + event.why());
      payload = null;
      fail(event.why());
    }
  }

  void on(LinkEvent.NotApplied event) {
    if (phase == Phase.STREAMING) {
      leave(event.why());
    }
  }

  void on(LinkEvent.Tick event) {
    if (host.isEmpty()) {
      return;
    }
    if (phase == Phase.IDLE) {
      if (now >= retryAt) {
        notice("Connecting to MASTER " + host + ":" + port);
        connect();
      }
      return;
    }
    if (now - saidAt >= ACK_PERIOD_MS) {
      if (phase == Phase.STREAMING) {
        ack(history.get().offset());
      } else if (payloadWhole) {
        sendRaw(new byte[] {'\n'});
      }
    }
    if (!payloadWhole && now - heardAt > settings.get().timeoutMs()) {
      silent();
    }
  }

  private void silent() {
    switch (phase) {
      case LOADING ->
          warning(
              "Timeout receiving bulk data from MASTER... If the problem persists try to set the"
                  + " 'repl-timeout' parameter in redis.conf to a larger value.");
      case STREAMING -> warning("MASTER timeout: no data nor PING received...");
      case CONNECTING, GREETING, ASKING -> warning("Timeout connecting to the MASTER...");
      case IDLE -> throw new IllegalStateException("an idle link has no timeout");
    }
    fail("silent for " + (now - heardAt) + " ms");
  }

  private void receive(byte[] data, int from, int to) {
    int at = from;
    while (at < to) {
      switch (phase) {
        case GREETING, ASKING -> at = takeLine(data, at, to);
        case LOADING -> at = payload == null ? takeLine(data, at, to) : takePayload(data, at, to);
        case STREAMING -> {
          takeUnits(data, at, to);
          return;
        }
        case IDLE, CONNECTING -> {
          return;
        }
      }
    }
  }

  private int takeLine(byte[] data, int from, int to) {
    int next = line.feed(data, from, to);
    if (line.isTooLong()) {
      fail("a line of more than " + LINE_BYTES_MAX + " bytes from the master");
    } else if (line.isWhole()) {
      String text = line.take();
      // An empty line only says that the master is still at it.
      if (!text.isEmpty()) {
        heard(text);
      }
    }
    return next;
  }

  private void heard(String text) {
    switch (phase) {
      case GREETING -> greeted(text);
      case ASKING -> answered(text);
      case LOADING -> announced(text);
      case IDLE, CONNECTING, STREAMING -> throw new IllegalStateException("no lines in " + phase);
    }
  }

  private void greeted(String text) {
    String problem = greeting.findProblem(text);
    if (problem != null) {
      warning(problem);
      fail(text);
    } else if (greeting.isOver()) {
      ask();
    }
  }

  private void ask() {
    phase = Phase.ASKING;
    if (resumable.get() && !wantsAll) {
      History ours = history.get();
      long from = ours.offset() + 1;
      notice("Trying a partial resynchronization (request " + ours.replid() + ":" + from + ").");
      send("PSYNC", ours.replid(), Long.toString(from));
    } else {
      notice("Partial resynchronization not possible (no cached master)");
      send("PSYNC", "?", "-1");
    }
  }

  private void answered(String text) {
    String[] words = text.split(" ");
    if (words[0].equals("+CONTINUE")) {
      resumed(words.length > 1 ? words[1] : history.get().replid());
    } else if (words[0].equals("+FULLRESYNC")) {
      fullResync(words, text);
    } else if (words[0].equals("-NOMASTERLINK") || words[0].equals("-LOADING")) {
      notice("Master is currently unable to PSYNC but should be in the future: " + text);
      fail(text);
    } else if (words[0].equals("-ERR")) {
      notice("Master does not support PSYNC or is in error state (reply: " + text + ")");
      fallBackToSync();
    } else {
      warning("Unexpected reply to PSYNC from master: " + text);
      fallBackToSync();
    }
  }

  private void resumed(String replid) {
    if (!isReplid(replid) || !resumable.get() || wantsAll) {
      warning("Unexpected reply to PSYNC from master: +CONTINUE " + replid);
      fail("a continuation that cannot be");
      return;
    }
    notice("Successful partial resynchronization with master.");
    if (!replid.equals(history.get().replid())) {
      notice("Master replication ID changed to " + replid);
    }
    out.add(new LinkEffect.Continued(replid, dial));
    notice("MASTER <-> REPLICA sync: Master accepted a Partial Resynchronization.");
    stream(parser.db());
  }

  private void fullResync(String[] words, String text) {
    if (words.length < 3 || !isReplid(words[1]) || !words[2].matches("[0-9]{1,18}")) {
      warning("Master replied with wrong +FULLRESYNC syntax: " + text);
      fail("wrong +FULLRESYNC");
      return;
    }
    loadingReplid = words[1];
    loadingOffset = Long.parseLong(words[2]);
    notice("Full resync from master: " + loadingReplid + ":" + loadingOffset);
    load();
  }

  private void fallBackToSync() {
    notice("Retrying with SYNC...");
    send("SYNC");
    loadingReplid = "";
    loadingOffset = 0;
    load();
  }

  private void load() {
    if (!orderedReplid.isEmpty() && !orderedReplid.equals(loadingReplid)) {
      // The order was to follow the master that was there; this one may have come back with less.
      ordered = false;
    }
    orderedReplid = loadingReplid;
    phase = Phase.LOADING;
    payload = null;
    payloadWhole = false;
    payloadBytes = 0;
  }

  /** The line before a snapshot. */
  private void announced(String text) {
    if (text.startsWith("-")) {
      warning("MASTER aborted replication with an error: " + text.substring(1));
      fail(text);
      return;
    }
    payload = PayloadReader.find(text);
    if (payload == null) {
      warning(
          "Bad protocol from MASTER, the first byte is not '$' (we received '"
              + text
              + "'), are you sure the host and port are right?");
      fail("no snapshot");
    } else if (payload.length() < 0) {
      notice("MASTER <-> REPLICA sync: receiving streamed RDB from master with EOF to disk");
    } else {
      notice(
          "MASTER <-> REPLICA sync: receiving " + payload.length() + " bytes from master to disk");
    }
  }

  private int takePayload(byte[] data, int from, int to) {
    if (payloadWhole) {
      early.write(data, from, to - from);
      return to;
    }
    int end =
        payload.feed(
            data,
            from,
            to,
            (b, start, stop) -> {
              payloadBytes += stop - start;
              out.add(new LinkEffect.Payload(b, start, stop));
            });
    if (end < 0) {
      return to;
    }
    payloadWhole = true;
    lostInLoad = "";
    out.add(new LinkEffect.PauseReading(true));
    boolean judged = settings.get().guarded() && !ordered;
    out.add(judged ? new LinkEffect.Examine(dial) : takeOver());
    return end;
  }

  private LinkEffect takeOver() {
    return new LinkEffect.PayloadEnded(dial, loadingReplid, loadingOffset);
  }

  private void refuse(String why) {
    warning(EmptyMasterGuard.warning(host, port, why));
    drop();
    refused = true;
    retryAt = now + REFUSED_RETRY_MS;
  }

  private void stream(int db) {
    phase = Phase.STREAMING;
    synced = true;
    ordered = false;
    refused = false;
    payloadWhole = false;
    parser.start(db);
  }

  private void takeUnits(byte[] data, int from, int to) {
    Units units = parser.feed(data, from, to);
    long offset = history.get().offset() + units.length();
    if (units.length() > 0) {
      out.add(new LinkEffect.Apply(units));
    }
    if (parser.findProblem() != null) {
      String problem = parser.findProblem();
      warning("Protocol error from master: " + problem);
      leave(problem);
    } else if (units.asksForAck()) {
      ack(offset);
    }
  }

  /** Ends a stream in which our place is of no use: the same bytes would come again. */
  private void leave(String why) {
    detach(why);
    wantsAll = true;
    retryAt = now + RETRY_MS;
  }

  private void connect() {
    dial++;
    heardAt = now;
    phase = Phase.CONNECTING;
    line.clear();
    early.reset();
    notice("MASTER <-> REPLICA sync started");
    out.add(new LinkEffect.Connect(dial, host, port));
  }

  private void fail(String why) {
    if (phase == Phase.STREAMING) {
      detach(why);
      notice("Reconnecting to MASTER " + host + ":" + port);
      connect();
    } else {
      drop();
      lostAt = now;
      retryAt = now + RETRY_MS;
    }
  }

  private void detach(String why) {
    drop();
    lostAt = now;
    notice("Connection with master lost.");
    notice("Caching the disconnected master state.");
    out.add(new LinkEffect.Detached(why));
  }

  /** Closes the connection and throws away what was begun on it. */
  private void drop() {
    if (phase == Phase.LOADING) {
      out.add(new LinkEffect.PayloadDropped());
    }
    if (phase != Phase.IDLE) {
      out.add(new LinkEffect.Hangup());
    }
    if (synced) {
      // The cut may lie inside a unit; what was applied ends before it, and so does our offset.
      parser.start(parser.db());
    }
    synced = false;
    payload = null;
    payloadWhole = false;
    lostInLoad = "";
    dial++;
    phase = Phase.IDLE;
  }

  private void ack(long offset) {
    send("REPLCONF", "ACK", Long.toString(offset));
  }

  private void send(String... words) {
    sendRaw(Request.encode(words));
  }

  private void sendRaw(byte[] bytes) {
    saidAt = now;
    out.add(new LinkEffect.Send(bytes));
  }

  private void notice(String text) {
    out.add(new LinkEffect.Say(Log.Level.NOTICE, text));
  }

  private void warning(String text) {
    out.add(new LinkEffect.Say(Log.Level.WARNING, text));
  }

  private static boolean isReplid(String text) {
    return text.length() == History.REPLID_LENGTH && text.matches("[0-9a-zA-Z]*");
  }
}
