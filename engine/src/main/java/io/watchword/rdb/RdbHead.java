package io.watchword.rdb;

/**
 * Looks at a snapshot as it arrives, without keeping it: its data epoch, and whether it holds any
 * data. Once that is known the rest is passed over. A head that is longer than {@link
 * #LOOKED_AT_MAX} or cannot be read counts as data; whether it is sound is the loader's matter.
 */
public final class RdbHead {
  private static final int LOOKED_AT_MAX = 1 << 16;

  private final RdbReader reader;
  private long epoch = -1;
  private long lookedAt;
  private boolean holdsData;

  /**
   * @param databases number of databases that the server has
   */
  public RdbHead(int databases) {
    reader = new RdbReader(databases, new Look());
  }

  /** Takes the next piece. */
  public void feed(byte[] data, int from, int to) {
    if (holdsData) {
      return;
    }
    lookedAt += to - from;
    try {
      reader.feed(data, from, to);
      holdsData |= !reader.isDone() && lookedAt > LOOKED_AT_MAX;
    } catch (RdbException e) {
      holdsData = true;
    }
  }

  /** Whether the whole snapshot has come and holds nothing. */
  public boolean isEmpty() {
    return reader.isDone() && !holdsData;
  }

  /** The data epoch it names, or -1. */
  public long epoch() {
    return epoch;
  }

  private final class Look implements RdbReader.Target {
    @Override
    public void aux(String name, String value) {
      if (name.equals(RdbInfo.EPOCH)) {
        epoch = RdbInfo.number(value);
      }
    }

    @Override
    public void resize(int database, long keys, long deadlines) {
      holdsData |= keys > 0;
    }

    @Override
    public boolean string(int database, long deadline, RdbString key, RdbString value) {
      holdsData = true;
      return true;
    }
  }
}
