package io.watchword.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void shouldReadWhatTracesHold() {
    Object value = Json.read(" {\"a\":[1,-2,[]],\"b\":{\"c\":true,\"d\":\"x\\n\\u0041\\\"\"}} ");

    assertThat(value)
        .isEqualTo(Map.of("a", List.of(1L, -2L, List.of()), "b", Map.of("c", true, "d", "x\nA\"")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[1,]",
        "{\"a\":1,\"a\":2}",
        "1.5",
        "null",
        "\"\\q\"",
        "\"\\u00",
        "1 2",
        "tru",
        "99999999999999999999",
        "{a:1}",
        "\"open"
      })
  void shouldRefuseWhatItCannotRead(String text) {
    assertThatThrownBy(() -> Json.read(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("column");
  }

  @Test
  void shouldNotNestWithoutEnd() {
    assertThatThrownBy(() -> Json.read("[".repeat(100_000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nested too deep");
  }
}
