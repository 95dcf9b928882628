package io.watchword.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Live values; the error texts are compared with Redis in {@code compat}. */
final class ConfigTest {
  private final Config config = new Config(Directives.ALL);

  @Test
  void shouldAnswerPatternsWithEverySpelling() {
    assertThat(config.matching(List.of("*slave*only", "PORT", "nope")))
        .containsExactly(
            java.util.Map.entry("slave-read-only", "yes"), java.util.Map.entry("PORT", "6379"));
    assertThat(config.matching(List.of("*"))).hasSizeGreaterThan(190);
  }

  @Test
  void shouldSetAllOrNothing() {
    assertThat(config.set(List.of("hz", "50", "timeout", "7"))).isEmpty();
    assertThat(config.get(Directives.HZ)).isEqualTo(50);
    assertThat(config.set(List.of("hz", "60", "timeout", "x"))).isPresent();
    assertThat(config.get(Directives.HZ)).isEqualTo(50);
  }

  @Test
  void shouldTakeBackWhatWasAppliedWhenALaterOneIsRefused() {
    List<Long> applied = new ArrayList<>();
    config.appliedBy(Directives.HZ, applied::add);
    config.appliedBy(
        Directives.PORT,
        port -> {
          if (port == 1) {
            throw new BadValue("Unable to listen on this port. Check server logs.");
          }
        });
    assertThat(config.set(List.of("hz", "60", "port", "1")))
        .contains(
            "CONFIG SET failed (possibly related to argument 'port') - "
                + "Unable to listen on this port. Check server logs.");
    assertThat(applied).containsExactly(60L, 10L);
    assertThat(config.get(Directives.PORT)).isEqualTo(6379);
  }

  @Test
  void shouldChangeGuardedValuesOnlyWhenAllowed() {
    assertThat(config.set(List.of("dir", "/elsewhere")).orElseThrow())
        .endsWith("can't set protected config");
    config.put(Directives.ENABLE_PROTECTED_CONFIGS, "yes");
    assertThat(config.set(List.of("dir", "/elsewhere"))).isEmpty();
  }

  @Test
  void shouldAskTheCheckBeforeAnythingChanges() {
    config.put(Directives.ENABLE_PROTECTED_CONFIGS, "yes");
    config.checkedBy(
        Directives.DIR,
        dir -> {
          throw new BadValue("No such file or directory");
        });
    assertThat(config.set(List.of("hz", "60", "dir", "/nope")).orElseThrow())
        .endsWith("No such file or directory");
    assertThat(config.get(Directives.HZ)).isEqualTo(10);
  }

  @Test
  void shouldRefuseByCommandWhatIsNotBuilt() {
    assertThat(config.set(List.of("appendonly", "yes")).orElseThrow())
        .endsWith("'appendonly' needs append-only files, not built yet; accepted: 'no'");
  }

  @Test
  void shouldKeepEveryNameOfTheTableApart() {
    List<String> names = new ArrayList<>();
    for (Directive<?> row : Directives.ALL) {
      names.add(row.name());
      names.addAll(row.aliases());
    }
    assertThat(names).doesNotHaveDuplicates();
  }

  @Test
  void shouldReadBackEveryDefaultThatItShows() throws Exception {
    for (Directive<?> row : Directives.ALL) {
      readBack(row);
    }
  }

  private static <T> void readBack(Directive<T> row) throws BadValue {
    String shown = row.kind().show(row.initial());
    if (row.equals(Directives.REPLICAOF)) {
      return; // "no one" is shown as nothing, as Redis does
    }
    List<String> words =
        row.kind().takesMany() && !shown.isEmpty() ? List.of(shown.split(" ")) : List.of(shown);
    assertThat(row.parse(words)).as(row.name()).isEqualTo(row.initial());
  }
}
