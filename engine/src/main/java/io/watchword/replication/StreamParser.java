package io.watchword.replication;

import io.watchword.bytes.Ascii;
import io.watchword.bytes.Numbers;
import io.watchword.resp.RequestReader;
import java.util.Arrays;

/**
 * Finds where units end in a stream that arrives in pieces: a unit is one command, or everything
 * from MULTI to EXEC. What lies after the last end is kept until the rest has come, and is thrown
 * away when the link is cut: the replica then asks again from the last end, because a transaction
 * that was applied by half would be neither the old data nor the new.
 *
 * <p>It also reads the four things of the stream that concern the link and not the data: SELECT,
 * {@code REPLCONF GETACK}, and the epoch barrier {@code PING "watchword-epoch:<e>"}.
 */
final class StreamParser {
  /**
   * Longest unit, of which all has to be held. Our masters write none that is longer: what a client
   * may send at once ends at 1 GiB, a transaction runs no further command once its unit would be
   * longer than that, and half of it again is more than one command gains by standing in the stream
   * in another form.
   */
  static final int UNIT_BYTES_MAX = (1 << 30) + (1 << 29);

  static final String BARRIER = "watchword-epoch:";

  private static final long[] NO_ENDS = {};

  private final RequestReader reader = new RequestReader();
  private final boolean countEnds;
  private byte[] held = {};
  private int heldBytes;
  private int reading;
  private boolean inMulti;
  private int db;
  private String problem;

  private long[] ends = new long[16];
  private int endCount;
  private int pendingDb;
  private long epoch;
  private boolean asksForAck;
  private long pendingEpoch = -1;
  private boolean pendingAck;

  /**
   * @param countEnds whether {@link Units#ends} is wanted, which only a trace needs
   */
  StreamParser(boolean countEnds) {
    this.countEnds = countEnds;
    // What a master took from a client its replicas must take, whatever its limit is.
    reader.bulkBytesMax(UNIT_BYTES_MAX);
  }

  /** Forgets what was begun; the stream goes on at a unit's end with {@code selectedDb}. */
  void start(int selectedDb) {
    reader.next();
    held = new byte[0];
    heldBytes = 0;
    reading = 0;
    inMulti = false;
    problem = null;
    pendingEpoch = -1;
    pendingAck = false;
    db = selectedDb;
    pendingDb = selectedDb;
  }

  /** Database selected at the last unit's end. */
  int db() {
    return db;
  }

  /** What is wrong with the stream, or null; nothing may be fed after a problem. */
  String findProblem() {
    return problem;
  }

  /** Takes {@code data[from, to)} and returns the units that are now whole, possibly none. */
  Units feed(byte[] data, int from, int to) {
    byte[] b = data;
    int start = from;
    int end = to;
    if (heldBytes > 0) {
      hold(data, from, to);
      b = held;
      start = 0;
      end = heldBytes;
    }
    endCount = 0;
    epoch = -1;
    asksForAck = false;
    int dbBefore = db;
    int unitEnd = parse(b, start, end);
    Units units =
        new Units(
            b,
            start,
            unitEnd,
            countEnds ? Arrays.copyOf(ends, endCount) : NO_ENDS,
            dbBefore,
            db,
            epoch,
            asksForAck);
    keepRest(b, unitEnd, end);
    return units;
  }

  /** Reads requests and returns the end of the last whole unit. */
  private int parse(byte[] b, int start, int end) {
    int unitEnd = start;
    int at = start + reading;
    while (at < end && problem == null) {
      if (b[at] != '*') {
        problem = "byte " + (b[at] & 0xFF) + " where a command should start";
        break;
      }
      RequestReader.Status status = reader.read(b, at, end);
      if (status == RequestReader.Status.BROKEN) {
        problem = reader.problem();
        break;
      }
      if (status == RequestReader.Status.MORE) {
        break;
      }
      note(b);
      at += reader.scanned();
      reader.next();
      if (!inMulti) {
        unitEnd = at;
        endUnit(at - start);
      }
    }
    reading = at - unitEnd;
    if (end - unitEnd > UNIT_BYTES_MAX) {
      problem = "a unit of more than " + UNIT_BYTES_MAX + " bytes";
    }
    return unitEnd;
  }

  private void endUnit(long length) {
    db = pendingDb;
    epoch = Math.max(epoch, pendingEpoch);
    asksForAck |= pendingAck;
    pendingEpoch = -1;
    pendingAck = false;
    if (countEnds) {
      if (endCount == ends.length) {
        ends = Arrays.copyOf(ends, 2 * endCount);
      }
      ends[endCount++] = length;
    }
  }

  private void note(byte[] b) {
    if (reader.argc() == 0) {
      return;
    }
    switch (reader.length(0)) {
      case 4 -> noteFour(b);
      case 5 -> inMulti |= is(b, 0, "MULTI");
      case 6 -> {
        if (reader.argc() == 2 && is(b, 0, "SELECT") && isNumber(b, 1)) {
          pendingDb = (int) Numbers.toLong(b, reader.offset(1), reader.length(1));
        }
      }
      case 8 -> pendingAck |= reader.argc() >= 2 && is(b, 0, "REPLCONF") && is(b, 1, "GETACK");
      default -> {}
    }
  }

  private void noteFour(byte[] b) {
    if (is(b, 0, "EXEC")) {
      inMulti = false;
    } else if (reader.argc() == 2 && is(b, 0, "PING")) {
      pendingEpoch = Math.max(pendingEpoch, barrierEpoch(b));
    }
  }

  private long barrierEpoch(byte[] b) {
    int skip = BARRIER.length();
    int offset = reader.offset(1);
    int length = reader.length(1);
    if (length <= skip
        || !new String(b, offset, skip, java.nio.charset.StandardCharsets.ISO_8859_1)
            .equals(BARRIER)) {
      return -1;
    }
    return Numbers.isLong(b, offset + skip, length - skip)
        ? Numbers.toLong(b, offset + skip, length - skip)
        : -1;
  }

  private boolean is(byte[] b, int arg, String word) {
    return Ascii.is(b, reader.offset(arg), reader.length(arg), word);
  }

  private boolean isNumber(byte[] b, int arg) {
    return Numbers.isLong(b, reader.offset(arg), reader.length(arg));
  }

  private void hold(byte[] data, int from, int to) {
    int wanted = Math.addExact(heldBytes, to - from);
    if (held.length < wanted) {
      long room = Math.max(wanted, Math.min(2L * heldBytes, UNIT_BYTES_MAX));
      held = Arrays.copyOf(held, Math.toIntExact(room));
    }
    System.arraycopy(data, from, held, heldBytes, to - from);
    heldBytes = wanted;
  }

  private void keepRest(byte[] b, int unitEnd, int end) {
    if (b == held && unitEnd == 0) {
      return;
    }
    // A new array, because the units just handed out may still be read in the old one.
    held = Arrays.copyOfRange(b, unitEnd, end);
    heldBytes = held.length;
  }
}
