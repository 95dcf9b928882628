package io.watchword.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Random lines made of what the parser looks at. Whatever comes, it is read or refused with a
 * {@link ConfigError}. Replay: {@code mvn -pl engine test -Dtest=ConfigFileFuzzTest
 * -Dwatchword.seed=N}.
 */
final class ConfigFileFuzzTest {
  private static final int LINES = 20_000;
  private static final List<String> PIECES =
      List.of(
          "\"",
          "'",
          "\\",
          "\\x4",
          "\\x41",
          " ",
          "\t",
          "#",
          "-1",
          "1k",
          "99999999999999999999",
          "yes",
          "no",
          "include",
          "x",
          ".",
          "%",
          "*",
          "[",
          "\u00ff",
          "\0",
          "\r",
          "one",
          "1:2");

  @Test
  void shouldReadOrRefuseEveryLine() {
    long seed = Long.getLong("watchword.seed", System.nanoTime());
    System.out.println("ConfigFileFuzzTest -Dwatchword.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    int refused = 0;
    for (int i = 0; i < LINES; i++) {
      String line = line(random);
      try {
        TextSources.load(line);
      } catch (ConfigError expected) {
        assertThat(expected.getMessage()).as("seed %s, line <%s>", seed, line).isNotBlank();
        refused++;
      }
    }
    assertThat(refused).as("seed %s", seed).isBetween(LINES / 10, LINES);
  }

  private static String line(SplittableRandom random) {
    StringBuilder line = new StringBuilder();
    if (random.nextInt(4) > 0) {
      line.append(Directives.ALL.get(random.nextInt(Directives.ALL.size())).name()).append(' ');
    }
    int pieces = random.nextInt(5);
    for (int i = 0; i < pieces; i++) {
      line.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return line.toString();
  }
}
