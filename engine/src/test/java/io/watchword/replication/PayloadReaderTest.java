package io.watchword.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PayloadReaderTest {
  private static final String MARK = "m".repeat(20) + "0123456789".repeat(2);

  @Test
  void shouldFindTheEndByLength() {
    assertThat(readInPieces("$11", "hello world", "*1\r\n", 1)).isEqualTo("hello world");
  }

  @Test
  void shouldFindTheMarkHoweverThePayloadIsCut() {
    // Beginnings of the mark inside the payload must not be taken for it.
    String payload = "data" + "m".repeat(25) + MARK.substring(0, 39) + "m";
    for (long seed = 0; seed < 500; seed++) {
      assertThat(readInPieces("$EOF:" + MARK, payload + MARK, "*1\r\n$4\r\nPING\r\n", seed))
          .as("seed %d", seed)
          .isEqualTo(payload);
    }
  }

  @Test
  void shouldAcceptAnEmptyPayload() {
    assertThat(readInPieces("$EOF:" + MARK, MARK, "x", 1)).isEmpty();
  }

  @Test
  void shouldRefuseOtherHeaders() {
    assertThat(PayloadReader.find("$EOF:short")).isNull();
    assertThat(PayloadReader.find("$-1")).isNull();
    assertThat(PayloadReader.find("*3")).isNull();
    assertThat(PayloadReader.find("$99999999999999999999")).isNull();
  }

  /** What was read of {@code sent}; what follows must be left over. */
  private static String readInPieces(String header, String sent, String following, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] all = (sent + following).getBytes(StandardCharsets.ISO_8859_1);
    PayloadReader reader = PayloadReader.find(header);
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    int at = 0;
    int end = -1;
    while (end < 0) {
      int n = 1 + random.nextInt(Math.min(60, all.length - at));
      end = reader.feed(all, at, at + n, (b, from, to) -> read.write(b, from, to - from));
      at += n;
    }
    assertThat(end).as("seed %d", seed).isEqualTo(sent.length());
    return read.toString(StandardCharsets.ISO_8859_1);
  }
}
