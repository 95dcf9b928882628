package io.watchword.sentinel.core;

import java.util.Optional;

/**
 * What one sentinel knows of one node it talks to, a data node or another sentinel: its own view,
 * which is never in the log. Written by the machine's thread; the API reads it on the same thread.
 *
 * <p>Times are milliseconds of the sentinel's monotonic clock; negative means never.
 */
public final class NodeView {
  /** What kind of node it is. */
  public enum Kind {
    /** A master or replica. */
    DATA,
    /** Another sentinel of the group. */
    SENTINEL
  }

  private enum Link {
    DOWN,
    CONNECTING,
    UP
  }

  /** A connection that does not come to stand in this time is given up. */
  private static final long CONNECT_MS_MAX = 1000;

  private final Address address;
  private final Kind kind;
  private final String master;
  private final long bornMs;
  private Link link = Link.DOWN;
  private long linkChangedMs = -1;
  private long unansweredSinceMs;
  private long pingSentMs = -1;
  private boolean pingInFlight;
  private long pongMs;
  private long validPongMs;
  private NodeInfo info;
  private long infoMs = -1;
  private long infoSentMs = -1;
  private boolean infoInFlight;
  private long roleSinceMs;
  private long helloSentMs = -1;
  private long downSinceMs = -1;

  /** Epoch in which it was said that this node was converted; or -1. */
  private long convertedEpoch = -1;

  /** Epoch of which the node was told on the connection that stands, or -1. */
  private long toldEpoch = -1;

  NodeView(Address address, Kind kind, String master, long nowMs) {
    this.address = address;
    this.kind = kind;
    this.master = master;
    this.bornMs = nowMs;
    // A node that was never reached counts as silent from the moment we began to watch it.
    this.unansweredSinceMs = nowMs;
    this.pongMs = nowMs;
    this.validPongMs = nowMs;
    this.roleSinceMs = nowMs;
  }

  public Address address() {
    return address;
  }

  public Kind kind() {
    return kind;
  }

  /** The name of the master this node belongs to; empty for a sentinel. */
  public String master() {
    return master;
  }

  public boolean isLinked() {
    return link == Link.UP;
  }

  /** Whether this sentinel alone holds the node for down. */
  public boolean isDown() {
    return downSinceMs >= 0;
  }

  public long downSinceMs() {
    return downSinceMs;
  }

  /** The latest INFO, if the node ever answered. */
  public Optional<NodeInfo> info() {
    return Optional.ofNullable(info);
  }

  /** When the latest INFO came. */
  public long infoMs() {
    return infoMs;
  }

  /** When the oldest unanswered PING was sent. */
  public long unansweredSinceMs() {
    return unansweredSinceMs;
  }

  /** When any reply to PING came. */
  public long pongMs() {
    return pongMs;
  }

  /** When a valid reply to PING came. */
  public long validPongMs() {
    return validPongMs;
  }

  /** Since when the node reports the role it reports. */
  public long roleSinceMs() {
    return roleSinceMs;
  }

  /** Since when this node is watched. */
  public long bornMs() {
    return bornMs;
  }

  boolean isWatchword() {
    return info != null && info.watchword();
  }

  /**
   * Whether INFO was answered on the connection that stands: what we know is not of an old life.
   */
  boolean isFresh() {
    return isLinked() && infoMs >= linkChangedMs;
  }

  /** For how long the connection has stood; 0 when there is none. */
  long linkedForMs(long nowMs) {
    return isLinked() ? nowMs - linkChangedMs : 0;
  }

  /** Whether it is time to dial, and notes that it is done. */
  boolean dial(long nowMs, long periodMs) {
    boolean due = linkChangedMs < 0 || nowMs - linkChangedMs >= periodMs;
    if (link != Link.DOWN || !due) {
      return false;
    }
    link = Link.CONNECTING;
    linkChangedMs = nowMs;
    return true;
  }

  /**
   * Whether the connection is to be given up: it does not come to stand, or it has stood for long
   * with an unanswered PING, which is how a link looks that was cut without a word.
   */
  boolean isStuck(long nowMs, long patienceMs) {
    long age = nowMs - linkChangedMs;
    if (link == Link.CONNECTING) {
      return age > CONNECT_MS_MAX;
    }
    return link == Link.UP && pingInFlight && nowMs - pingSentMs > patienceMs && age > patienceMs;
  }

  void linkUp(long nowMs) {
    link = Link.UP;
    toldEpoch = -1;
    linkChangedMs = nowMs;
    pingInFlight = false;
    infoInFlight = false;
  }

  void linkLost(long nowMs) {
    link = Link.DOWN;
    linkChangedMs = nowMs;
    pingInFlight = false;
    infoInFlight = false;
  }

  /** Whether to send PING now. One is in flight at most: replies come in order anyway. */
  boolean ping(long nowMs, long periodMs) {
    if (!isLinked()
        || pingInFlight
        || (pingSentMs >= linkChangedMs && nowMs - pingSentMs < periodMs)) {
      return false;
    }
    pingInFlight = true;
    pingSentMs = nowMs;
    if (unansweredSinceMs < 0) {
      unansweredSinceMs = nowMs;
    }
    return true;
  }

  void ponged(long nowMs, boolean valid) {
    pingInFlight = false;
    pongMs = nowMs;
    if (valid) {
      validPongMs = nowMs;
      unansweredSinceMs = -1;
    }
  }

  /** Whether to send INFO now. */
  boolean askInfo(long nowMs, long periodMs) {
    boolean due = infoSentMs < linkChangedMs || nowMs - infoSentMs >= periodMs;
    if (!isLinked() || infoInFlight || !due) {
      return false;
    }
    infoInFlight = true;
    infoSentMs = nowMs;
    return true;
  }

  /** The next INFO is due at once. */
  void expireInfo() {
    infoSentMs = Long.MIN_VALUE / 2;
  }

  void informed(long nowMs, NodeInfo news) {
    if (info == null || info.isMaster() != news.isMaster()) {
      roleSinceMs = nowMs;
    }
    infoInFlight = false;
    info = news;
    infoMs = nowMs;
  }

  /** INFO was answered with an error: it is asked again when it is due. */
  void infoRefused() {
    infoInFlight = false;
  }

  /** From now on the node is expected in another role; what it reported before is no fault. */
  void expectRole(long nowMs) {
    roleSinceMs = nowMs;
  }

  /**
   * Whether the node has yet to hear which epoch holds: once for each connection, and again for
   * each epoch when it was last heard as a master, or is not heard at all.
   */
  boolean isUntold(long epoch) {
    boolean again = isDown() || (info != null && info.isMaster());
    return isLinked() && toldEpoch != epoch && (toldEpoch < 0 || again);
  }

  /** The node was told, or there is nothing to tell it. */
  void told(long epoch) {
    toldEpoch = epoch;
  }

  /** Whether a master has become a replica by our order, and nobody said so in this epoch. */
  boolean isConverted(long epoch) {
    boolean news = convertedEpoch != epoch && info != null && info.isMaster();
    convertedEpoch = news ? epoch : convertedEpoch;
    return news;
  }

  boolean hello(long nowMs, long periodMs) {
    if (!isLinked() || (helloSentMs >= 0 && nowMs - helloSentMs < periodMs)) {
      return false;
    }
    helloSentMs = nowMs;
    return true;
  }

  /** Judges the node anew. Answers whether the verdict changed. */
  boolean judge(long nowMs, long downAfterMs, boolean shouldBeMaster) {
    long silence = Suspicion.silenceMs(nowMs, isLinked(), unansweredSinceMs, validPongMs);
    boolean wrongRole = shouldBeMaster && info != null && !info.isMaster();
    boolean down = Suspicion.isDown(silence, downAfterMs, wrongRole, nowMs - roleSinceMs);
    if (down == isDown()) {
      return false;
    }
    downSinceMs = down ? nowMs : -1;
    return true;
  }
}
