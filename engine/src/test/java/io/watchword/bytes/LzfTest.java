package io.watchword.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LzfTest {
  private final Lzf lzf = new Lzf();

  @Test
  void shouldExpandWhatItCompressed() {
    for (long seed = 1; seed <= 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] in = new byte[random.nextInt(40_000)];
      int alphabet = 1 + random.nextInt(8);
      for (int i = 0; i < in.length; i++) {
        in[i] = (byte) random.nextInt(alphabet);
      }
      int at = in.length == 0 ? 0 : random.nextInt(in.length);
      int length = in.length - at;
      byte[] out = new byte[length + length / 20 + 64];

      int packed = lzf.compress(in, at, length, out, 3, out.length);

      if (length > 0) {
        assertThat(Lzf.expandedLength(out, 3, packed)).as("seed %d", seed).isEqualTo(length);
      }
      byte[] back = new byte[length];
      Lzf.expand(out, 3, packed, back, 0);
      assertThat(Arrays.equals(back, 0, length, in, at, in.length)).as("seed %d", seed).isTrue();
    }
  }

  @Test
  void shouldGiveUpWhenTheResultWouldBeLongerThanAllowed() {
    byte[] noise = new byte[1000];
    new SplittableRandom(7).nextBytes(noise);

    assertThat(lzf.compress(noise, 0, 1000, new byte[2000], 0, 996)).isZero();
  }

  @Test
  void shouldNeitherCrashNorGuessOnDamagedBlocks() {
    byte[] in =
        "the quick brown fox, the quick brown fox, the quick"
            .repeat(9)
            .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    byte[] block = new byte[in.length];
    int packed = lzf.compress(in, 0, in.length, block, 0, in.length);
    for (int bit = 0; bit < 8 * packed; bit++) {
      byte[] damaged = Arrays.copyOf(block, packed);
      damaged[bit >> 3] ^= (byte) (1 << (bit & 7));
      long length = Lzf.expandedLength(damaged, 0, packed);
      if (length >= 0) {
        Lzf.expand(damaged, 0, packed, new byte[(int) length], 0);
      }
    }
    assertThat(Lzf.expandedLength(block, 0, packed - 1)).isNotEqualTo(in.length);
    assertThat(Lzf.expandedLength(new byte[] {0x20, 0}, 0, 2)).isEqualTo(-1);
  }
}
