package io.watchword.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums and texts as {@code long double} of x86-64 has them. */
class LongDoubleTest {
  @ParameterizedTest
  @CsvSource({
    "10.50, 0.1, 10.6",
    "3000, 0.1, 3000.10000000000000009",
    "0, 3.3333333333333333333333, 3.33333333333333333",
    "9e18, 0.5, 9000000000000000000.5",
    "1e19, 0.5, 10000000000000000000",
    "36893488147419103232, 1, 36893488147419103232",
    "5, -5, 0",
    "0, -1e-30, 0",
    "0x1.8p1, .5, 3.5",
    "1e-4940, 0, 0",
  })
  void shouldRoundWhereTheHardwareRounds(String one, String other, String sum) {
    assertThat(find(one).plus(find(other)).toString()).isEqualTo(sum);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " 1",
        "1 ",
        "1e",
        "e5",
        ".",
        "0x",
        "0xg",
        "nan",
        "1e5000",
        "1e-5000",
        "infinit",
        "--1",
        "1.2.3",
        "1e99999999999",
        "0x1p99999",
        "1e5.5",
        "\u0661"
      })
  void shouldFindNoNumberInOtherText(String text) {
    assertThat(find(text)).isNull();
  }

  @Test
  void shouldLeaveTheRangeByTooLargeASum() {
    LongDouble largest = find("1.18973149535723176502e4932");
    assertThat(largest.isFinite()).isTrue();
    assertThat(largest.plus(find("1")).isFinite()).isTrue();
    assertThat(largest.plus(largest).isFinite()).isFalse();
    assertThat(find("-Infinity").isFinite()).isFalse();
    assertThat(find("1").plus(find("inf")).isFinite()).isFalse();
  }

  private static LongDouble find(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return LongDouble.find(bytes, 0, bytes.length);
  }
}
