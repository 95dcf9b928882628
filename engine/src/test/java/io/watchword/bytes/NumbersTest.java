package io.watchword.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {
  @ParameterizedTest
  @ValueSource(
      longs = {0, 1, -1, 9, 10, -10, 99, 100, 12345678901L, Long.MAX_VALUE, Long.MIN_VALUE})
  void shouldWriteWhatItReads(long value) {
    byte[] b = new byte[30];
    int end = Numbers.put(b, 3, value);

    assertThat(new String(b, 3, end - 3, StandardCharsets.US_ASCII)).isEqualTo("" + value);
    assertThat(Numbers.length(value)).isEqualTo(end - 3);
    assertThat(Numbers.isLong(b, 3, end - 3)).isTrue();
    assertThat(Numbers.toLong(b, 3, end - 3)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "+1",
        " 1",
        "1 ",
        "01",
        "-0",
        "-01",
        "1a",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999",
        "123456789012345678901"
      })
  void shouldRefuseWhatIsNotTheCanonicalFormOfALong(String text) {
    byte[] b = text.getBytes(StandardCharsets.US_ASCII);

    assertThat(Numbers.isLong(b, 0, b.length)).isFalse();
  }

  @Test
  void shouldAgreeWithTheJdkOnRandomLongs() {
    SplittableRandom random = new SplittableRandom(7);
    byte[] b = new byte[20];
    for (int i = 0; i < 20_000; i++) {
      long value = random.nextLong() >> random.nextInt(64);
      int end = Numbers.put(b, 0, value);
      assertThat(new String(b, 0, end, StandardCharsets.US_ASCII)).isEqualTo("" + value);
      assertThat(Numbers.toLong(b, 0, end)).isEqualTo(value);
    }
  }
}
