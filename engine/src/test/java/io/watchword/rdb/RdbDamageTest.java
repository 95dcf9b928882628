package io.watchword.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.watchword.bytes.Crc64;
import io.watchword.bytes.Raw;
import io.watchword.keyspace.Keyspace;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Files that are cut, flipped or made up: a precise error each, and no memory for mere claims. */
class RdbDamageTest {
  /** A little of everything that this version writes. */
  private static byte[] sample() {
    Keyspace keyspace = Contents.empty();
    Contents.set(keyspace, 0, "k", "v".getBytes(StandardCharsets.US_ASCII), -1);
    Contents.set(keyspace, 0, "small", "12".getBytes(StandardCharsets.US_ASCII), -1);
    Contents.set(keyspace, 3, "number", "-30000".getBytes(StandardCharsets.US_ASCII), -1);
    Contents.set(keyspace, 3, "large", "123456789".getBytes(StandardCharsets.US_ASCII), 1L << 42);
    Contents.set(keyspace, 15, "packed", "abc".repeat(50).getBytes(StandardCharsets.US_ASCII), -1);
    return Runs.save(keyspace, Runs.SETTINGS, RdbInfo.NONE.history("f".repeat(40), 77));
  }

  private static void read(byte[] rdb, int length) throws RdbException {
    RdbReader reader =
        new RdbReader(16, KeyspaceLoader.asReplica(Contents.empty(), 0, Runs.SILENT));
    reader.feed(rdb, 0, length);
    reader.end();
  }

  @Test
  void shouldNameThePlaceWhereAFileIsCutOff() throws RdbException {
    byte[] rdb = sample();
    read(rdb, rdb.length);
    for (int length = 0; length < rdb.length; length++) {
      int cut = length;
      assertThatThrownBy(() -> read(rdb, cut))
          .as("cut to %d bytes", cut)
          .isInstanceOf(RdbException.class)
          .hasMessageContaining("Unexpected EOF reading RDB file")
          .hasMessageMatching("(?s).* offset \\d+, .*");
    }
  }

  @Test
  void shouldNoticeEveryFlippedBit() {
    byte[] rdb = sample();
    for (int bit = 0; bit < 8 * rdb.length; bit++) {
      byte[] damaged = rdb.clone();
      damaged[bit >> 3] ^= (byte) (1 << (bit & 7));
      try {
        read(damaged, damaged.length);
        fail("nobody noticed bit " + bit);
      } catch (RdbException noticed) {
        assertThat(noticed.getMessage())
            .as("bit %d", bit)
            .matches("(?s)(Internal error in RDB reading offset \\d+|Wrong sig|Can't handle).*");
      }
    }
  }

  @Test
  void shouldReadAnyFlippedBitWithoutAChecksumOrRefuseIt() {
    byte[] rdb = sample();
    Arrays.fill(rdb, rdb.length - 8, rdb.length, (byte) 0);
    int refused = 0;
    for (int bit = 0; bit < 8 * (rdb.length - 8); bit++) {
      byte[] damaged = rdb.clone();
      damaged[bit >> 3] ^= (byte) (1 << (bit & 7));
      try {
        read(damaged, damaged.length);
      } catch (RdbException e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void shouldNotAllocateForALengthThatIsOnlyAnnounced() {
    // A value of nearly 2 GiB is announced and ten bytes come.
    byte[] rdb = file("000161" + "807f000000" + "00112233445566778899");
    RdbReader reader =
        new RdbReader(16, KeyspaceLoader.asReplica(Contents.empty(), 0, Runs.SILENT));

    long before = allocated();
    String problem = "";
    try {
      reader.feed(rdb, 0, rdb.length - 9);
      reader.end();
    } catch (RdbException e) {
      problem = e.getMessage();
    }
    long allocated = allocated() - before;

    assertThat(problem).contains("Unexpected EOF");
    assertThat(allocated).isLessThan(1 << 20);
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean)
            java.lang.management.ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  @Test
  void shouldRefuseWhatItCannotHoldByName() {
    refuses("01036c7374" + "01" + "0161", "Key 'lst' is of type 1 (list), not supported");
    refuses("100168" + "00", "Key 'h' is of type 16 (hash as listpack), not supported");
    refuses("1301730a", "Key 's' is of type 19 (stream, version 2), not supported");
    refuses("f50161", "contains a function library");
    refuses("f7811000000000000000" + "00", "no matching module 'EAAAAAAAA'");
    refuses("08", "Unknown RDB encoding type 8");
    refuses("f3", "Unknown RDB encoding type 243");
  }

  @Test
  void shouldRefuseLengthsAndStringsThatMakeNoSense() {
    refuses("fe10", "configured to handle more than 16 databases");
    refuses("fe82", "Unknown length encoding 130");
    refuses("00c40161", "Unknown RDB string encoding type 4");
    refuses("0081ffffffffffffffff", "A string of 18446744073709551615 bytes is too long");
    refuses("000161" + "807fffffff", "is too long");
    refuses("00c30205" + "2000", "Invalid LZF compressed string");
    refuses("00c30205" + "0061", "An LZF compressed string of 5 bytes expands to 1");
    refuses("000161" + "0161" + "000161" + "0162", "RDB has duplicated key 'a' in DB 0");
  }

  @Test
  void shouldReadWhatOnlyOthersWrite() throws RdbException {
    // Idle time, use frequency, a slot's sizes, a deadline in seconds, a length of eight bytes.
    byte[] rdb =
        file(
            "f805"
                + "fd00000080"
                + "000161"
                + "c0ff"
                + "f910"
                + "f4010203"
                + "00016281"
                + "0000000000000002"
                + "7879");
    Keyspace keyspace = Runs.load(rdb);

    assertThat(Contents.findValue(keyspace, 0, "a"))
        .isEqualTo("-1".getBytes(StandardCharsets.US_ASCII));
    assertThat(Contents.findValue(keyspace, 0, "b"))
        .isEqualTo("xy".getBytes(StandardCharsets.US_ASCII));
  }

  private static void refuses(String parts, String why) {
    byte[] rdb = file(parts);
    assertThatThrownBy(() -> read(rdb, rdb.length))
        .isInstanceOf(RdbException.class)
        .hasMessageContaining(why)
        .hasMessageStartingWith("Internal error in RDB reading offset ");
  }

  /** A whole file around these parts. */
  private static byte[] file(String parts) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes("REDIS0012".getBytes(StandardCharsets.US_ASCII));
    file.writeBytes(HexFormat.of().parseHex(parts));
    file.write(0xFF);
    byte[] all = Arrays.copyOf(file.toByteArray(), file.size() + 8);
    Raw.putLong(all, file.size(), Crc64.update(0, all, 0, file.size()));
    return all;
  }
}
