package io.watchword.sentinel.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.sentinel.core.Effect;
import io.watchword.sentinel.core.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class StepsTest {
  private static final Event TICK = new Event.Tick();
  private static final Event DEPOSED = new Event.Deposed();

  private final List<String> seen = new ArrayList<>();
  private final List<String> fatal = new ArrayList<>();
  private Steps steps;

  @Test
  void shouldTakeNoStepAfterOneThatThrewAndTellWhereOnce() {
    with(
        event -> {
          seen.add(event.getClass().getSimpleName());
          throw new IllegalStateException("half a step");
        },
        effect -> {});
    steps.deliver(TICK);
    steps.deliver(TICK);

    assertThat(seen).containsExactly("Tick");
    assertThat(fatal).hasSize(1);
    assertThat(fatal.get(0))
        .startsWith("a defect: ")
        .contains("half a step", StepsTest.class.getSimpleName());
  }

  @Test
  void shouldTakeNoStepAfterAnEffectThatThrew() {
    with(
        this::noted,
        effect -> {
          throw new AssertionError("a port that fails");
        });
    steps.deliver(TICK);
    steps.deliver(TICK);

    assertThat(seen).containsExactly("Tick");
    assertThat(fatal).hasSize(1);
  }

  @Test
  void shouldPerformAllEffectsBeforeTheEventThatOneOfThemBringsAbout() {
    with(
        event -> {
          noted(event);
          return event == TICK
              ? List.of(new Effect.HandOver(), new Effect.Note("second"))
              : List.of();
        },
        effect -> {
          seen.add(effect.getClass().getSimpleName());
          if (effect instanceof Effect.HandOver) {
            steps.deliver(DEPOSED);
          }
        });
    steps.deliver(TICK);

    assertThat(seen).containsExactly("Tick", "HandOver", "Note", "Deposed");
    assertThat(fatal).isEmpty();
  }

  private List<Effect> noted(Event event) {
    seen.add(event.getClass().getSimpleName());
    return List.of(new Effect.HandOver());
  }

  private void with(Function<Event, List<Effect>> machine, Consumer<Effect> port) {
    steps = new Steps(machine, port, fatal::add);
  }
}
