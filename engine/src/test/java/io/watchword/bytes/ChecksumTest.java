package io.watchword.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ChecksumTest {
  @Test
  void shouldGiveTheCheckValueOfCrc64Jones() {
    byte[] b = "123456789".getBytes(StandardCharsets.US_ASCII);

    assertThat(Crc64.update(0, b, 0, b.length)).isEqualTo(0xe9c6d914c4b8d9caL);
  }

  @Test
  void shouldGiveTheSameChecksumInWhateverPieces() {
    SplittableRandom random = new SplittableRandom(3);
    byte[] b = new byte[1000];
    random.nextBytes(b);
    long whole = Crc64.update(0, b, 0, b.length);
    for (int cut = 0; cut <= b.length; cut++) {
      long first = Crc64.update(0, b, 0, cut);
      assertThat(Crc64.update(first, b, cut, b.length - cut)).isEqualTo(whole);
    }
  }

  @Test
  void shouldHashByEveryByteAndByTheKey() {
    SipHash hash = new SipHash(1, 2);
    byte[] b = new byte[64];
    for (int length = 1; length <= 40; length++) {
      long before = hash.hash(b, 0, length);
      for (int i = 0; i < length; i++) {
        b[i] ^= 1;
        assertThat(hash.hash(b, 0, length)).isNotEqualTo(before);
        b[i] ^= 1;
      }
      assertThat(new SipHash(1, 3).hash(b, 0, length)).isNotEqualTo(before);
    }
  }

  @Test
  void shouldHashASliceLikeTheBytesAlone() {
    byte[] alone = "a key of some length".getBytes(StandardCharsets.US_ASCII);
    byte[] within = new byte[100];
    System.arraycopy(alone, 0, within, 13, alone.length);
    SipHash hash = new SipHash(5, 6);

    assertThat(hash.hash(within, 13, alone.length)).isEqualTo(hash.hash(alone, 0, alone.length));
  }
}
