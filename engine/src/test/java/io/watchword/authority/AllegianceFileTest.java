package io.watchword.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllegianceFileTest {
  private static final Allegiance SOME =
      new Allegiance("group", "a:1,b:2", 7, "host", 6379, true, 5, List.of("x:1", "y:2"));

  @Test
  void shouldReadWhatWasWritten() throws IOException {
    assertThat(AllegianceFile.decode(AllegianceFile.encode(SOME))).isEqualTo(SOME);
  }

  @Test
  void shouldWriteNothingThatItWouldNotReadAgain() {
    List<String> members = Collections.nCopies(1_024, "m".repeat(4_096));
    Allegiance large = SOME.promotedAt(8, members);

    assertThatThrownBy(() -> AllegianceFile.encode(large)).isInstanceOf(IOException.class);
  }

  @Test
  void shouldRefuseEveryFileThatIsCutOff() throws IOException {
    byte[] whole = AllegianceFile.encode(SOME);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> AllegianceFile.decode(cut))
          .as("%d bytes", length)
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void shouldRefuseEveryFileWithAFlippedBit() throws IOException {
    byte[] whole = AllegianceFile.encode(SOME);
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> AllegianceFile.decode(flipped))
          .as("bit %d", bit)
          .isInstanceOf(IOException.class);
    }
  }
}
