package io.watchword.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.command.CallGenerator;
import io.watchword.command.Command;
import io.watchword.command.KeyCommands;
import io.watchword.command.TestServer;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A row's argument tree and its body's parser are written apart; here they must agree. */
class GrammarTest {
  private static final int CALLS_A_ROW = 200;

  @Test
  void shouldParseEveryCallThatTheGrammarAllows() {
    TestServer server = new TestServer();
    CallGenerator calls = new CallGenerator(new SplittableRandom(7), server::now, 1, 1_000_000);
    for (Command row : KeyCommands.rows()) {
      for (int i = 0; i < CALLS_A_ROW; i++) {
        List<String> call = calls.anyOf(List.of(row));
        String reply = server.client().raw(call.toArray(String[]::new));
        assertThat(reply)
            .as("%s", call)
            .doesNotContain("syntax error", "wrong number", "Unsupported", "unknown");
      }
    }
  }

  @Test
  void shouldDescribeEveryRow() {
    for (Command row : KeyCommands.rows()) {
      assertThat(row.summary()).as(row.name()).endsWith(".");
      assertThat(row.since()).as(row.name()).matches("\\d+\\.\\d+\\.\\d+");
      assertThat(row.complexity()).as(row.name()).contains("O(");
    }
  }
}
