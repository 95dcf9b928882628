package io.watchword.spec.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CausalOrderTest {
  @Test
  void shouldOrderByTheCommonClock() {
    assertThat(
            order(
                List.of(Lines.started("a", 1, 1), Lines.wrote("a", 2, 4, 0, 10)),
                List.of(Lines.started("b", 1, 2), Lines.streamed("b", 2, 5, "a", 0, 10))))
        .containsExactly("Started a", "Started b", "Wrote a", "Streamed b");
  }

  @Test
  void shouldPutTheWriteBeforeItsApplicationWithinOneInstant() {
    assertThat(
            order(
                List.of(Lines.started("a", 1, 1), Lines.streamed("a", 2, 4, "b", 0, 10)),
                List.of(Lines.started("b", 1, 2), Lines.wrote("b", 2, 4, 0, 10))))
        .containsExactly("Started a", "Started b", "Wrote b", "Streamed a");
  }

  @Test
  void shouldKeepEachNodesOwnOrderWhateverItApplies() {
    assertThat(
            order(
                List.of(Lines.started("a", 1, 1), Lines.streamed("a", 2, 1, "b", 0, 10)),
                List.of(Lines.started("b", 1, 2))))
        .containsExactly("Started a", "Streamed a", "Started b");
  }

  private static List<String> order(List<String> one, List<String> other) {
    Map<String, List<TraceLine>> nodes = new TreeMap<>();
    for (List<String> lines : List.of(one, other)) {
      List<TraceLine> read =
          lines.stream().map(text -> TraceLine.findReplication("here", text)).toList();
      nodes.put(read.get(0).node(), read);
    }
    return CausalOrder.merge(nodes).stream().map(line -> line.type() + " " + line.node()).toList();
  }
}
