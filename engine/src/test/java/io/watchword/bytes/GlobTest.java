package io.watchword.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
  @ParameterizedTest
  @CsvSource({
    "*, anything, true",
    "h?llo, hello, true",
    "h?llo, hllo, false",
    "h*llo, heeeello, true",
    "h[ae]llo, hello, true",
    "h[ae]llo, hillo, false",
    "h[^e]llo, hallo, true",
    "h[^e]llo, hello, false",
    "h[a-b]llo, hbllo, true",
    "h[b-a]llo, hallo, true",
    "h[a-b]llo, hcllo, false",
    "h\\*llo, h*llo, true",
    "h\\*llo, hxllo, false",
    "a[, a[, false",
    "a\\, a\\, true",
    "**a**, xax, true",
    "abc, abcd, false",
    "abc*, abc, true",
    "'', a, false",
    "[\\]], ], true"
  })
  void shouldMatchAsRedisDoes(String pattern, String text, boolean expected) {
    assertThat(matches(pattern, text, false)).isEqualTo(expected);
  }

  @Test
  void shouldFoldCaseOnlyWhenAsked() {
    assertThat(matches("MAX*", "maxmemory", true)).isTrue();
    assertThat(matches("MAX*", "maxmemory", false)).isFalse();
    assertThat(matches("[A-C]x", "bX", true)).isTrue();
  }

  @Test
  void shouldAnswerManyStarsInReasonableWork() {
    // Exponential matching would not come back from this.
    assertThat(matches("a*".repeat(50) + "b", "a".repeat(5_000), false)).isFalse();
  }

  private static boolean matches(String pattern, String text, boolean anyCase) {
    byte[] t = text.getBytes(StandardCharsets.ISO_8859_1);
    return Glob.matches(pattern.getBytes(StandardCharsets.ISO_8859_1), t, 0, t.length, anyCase);
  }
}
