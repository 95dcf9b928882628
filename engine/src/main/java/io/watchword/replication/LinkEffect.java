package io.watchword.replication;

import io.watchword.sys.Log;

/** What a replica's link wants done, in this order. */
public sealed interface LinkEffect {
  void on(Port port);

  /** Performs effects. */
  interface Port {
    void connect(int dial, String host, int port);

    void send(byte[] bytes);

    void hangup();

    void pauseReading(boolean pause);

    void payload(byte[] data, int from, int to);

    void examine(int dial);

    void payloadEnded(int dial, String replid, long offset);

    void payloadDropped();

    void continued(String replid, int dial);

    void units(Units units);

    void lost(String why);

    void log(Log.Level level, String text);
  }

  /** Dial the master; everything about this connection carries {@code dial}. */
  record Connect(int dial, String host, int port) implements LinkEffect {
    @Override
    public void on(Port p) {
      p.connect(dial, host, port);
    }
  }

  /** Send to the master. */
  record Send(byte[] bytes) implements LinkEffect {
    @Override
    public void on(Port p) {
      p.send(bytes);
    }
  }

  /** Close the connection, if there is one. */
  record Hangup() implements LinkEffect {
    @Override
    public void on(Port p) {
      p.hangup();
    }
  }

  /** Stop or go on reading from the master: nothing can be applied while a snapshot loads. */
  record PauseReading(boolean pause) implements LinkEffect {
    @Override
    public void on(Port p) {
      p.pauseReading(pause);
    }
  }

  /** Store a part of a snapshot; the bytes are lent. */
  record Payload(byte[] data, int from, int to) implements LinkEffect {
    @Override
    public void on(Port p) {
      p.payload(data, from, to);
    }
  }

  /** The snapshot is all there: answer with Examined before anything of ours is dropped. */
  record Examine(int dial) implements LinkEffect {
    @Override
    public void on(Port p) {
      p.examine(dial);
    }
  }

  /**
   * The snapshot is all there: load it, then answer with Loaded or LoadFailed.
   *
   * @param replid name of the history it holds, or empty when the master has none (SYNC)
   */
  record PayloadEnded(int dial, String replid, long offset) implements LinkEffect {
    @Override
    public void on(Port p) {
      p.payloadEnded(dial, replid, offset);
    }
  }

  /** Throw away the parts of a snapshot that did not arrive whole. */
  record PayloadDropped() implements LinkEffect {
    @Override
    public void on(Port p) {
      p.payloadDropped();
    }
  }

  /** The master goes on from our offset, under this name. */
  record Continued(String replid, int dial) implements LinkEffect {
    @Override
    public void on(Port p) {
      p.continued(replid, dial);
    }
  }

  /** Apply these units and count them. */
  record Apply(Units units) implements LinkEffect {
    @Override
    public void on(Port p) {
      p.units(units);
    }
  }

  /** A link that was attached is so no longer. */
  record Detached(String why) implements LinkEffect {
    @Override
    public void on(Port p) {
      p.lost(why);
    }
  }

  /** Write a line to the log. */
  record Say(Log.Level level, String text) implements LinkEffect {
    @Override
    public void on(Port p) {
      p.log(level, text);
    }
  }
}
