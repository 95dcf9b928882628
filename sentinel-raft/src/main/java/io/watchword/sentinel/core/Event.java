package io.watchword.sentinel.core;

/**
 * What happens to a sentinel. Each event hands itself to the machine, so that a new kind does not
 * compile until the machine handles it.
 */
public sealed interface Event {
  /** Gives this event to the machine. */
  void to(SentinelMachine machine);

  /** An entry of the log is committed; in log order. */
  record Committed(long index, Entry entry) implements Event {
    @Override
    public void to(SentinelMachine m) {
      m.on(this);
    }
  }

  /** The state was restored from a snapshot that covers the log up to {@code index}. */
  record Restored(long index, SentinelState state) implements Event {
    @Override
    public void to(SentinelMachine m) {
      m.on(this);
    }
  }

  /** This sentinel leads in {@code term}. */
  record Elected(long term) implements Event {
    @Override
    public void to(SentinelMachine m) {
      m.on(this);
    }
  }

  /** This sentinel leads no longer. */
  record Deposed() implements Event {
    @Override
    public void to(SentinelMachine m) {
      m.on(this);
    }
  }

  /** A connection to a node stands. */
  record LinkUp(Address node) implements Event {
    @Override
    public void to(SentinelMachine m) {
      m.on(this);
    }
  }

  /** A connection to a node broke, or could not be made. */
  record LinkLost(Address node) implements Event {
    @Override
    public void to(SentinelMachine m) {
      m.on(this);
    }
  }

  /** A node answered to PING: status or error text without its marker. */
  record Ponged(Address node, String reply) implements Event {
    @Override
    public void to(SentinelMachine m) {
      m.on(this);
    }
  }

  /** A node answered to INFO. */
  record Informed(Address node, NodeInfo info) implements Event {
    @Override
    public void to(SentinelMachine m) {
      m.on(this);
    }
  }

  /** A node answered to INFO with an error: it may be loading, or want a password. */
  record InfoRefused(Address node) implements Event {
    @Override
    public void to(SentinelMachine m) {
      m.on(this);
    }
  }

  /** A node answered to an order, or will never answer. */
  record Answered(Address node, Order order, OrderReply reply) implements Event {
    @Override
    public void to(SentinelMachine m) {
      m.on(this);
    }
  }

  /**
   * An operator asked this sentinel for a failover; {@link Effect.Replied} answers.
   *
   * @param ticket chosen by whoever asks
   * @param forced whether the old master is not asked to hand over
   */
  record FailoverWanted(long ticket, String name, boolean forced) implements Event {
    @Override
    public void to(SentinelMachine m) {
      m.on(this);
    }
  }

  /** Time has passed. */
  record Tick() implements Event {
    @Override
    public void to(SentinelMachine m) {
      m.on(this);
    }
  }
}
