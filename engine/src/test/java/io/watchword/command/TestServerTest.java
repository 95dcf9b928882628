package io.watchword.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.resp.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestServerTest {
  private final TestServer server = new TestServer();

  @Test
  void shouldAnswerWhatACommandAnswers() {
    assertThat(server.run("SET", "k", "v\u00ff")).isEqualTo(new Reply.Simple("OK"));
    assertThat(server.client().raw("GET", "k")).isEqualTo("$2\r\nv\u00ff\r\n");
    assertThat(server.connect().protocol(3).raw("GET", "none")).isEqualTo("_\r\n");
  }

  @Test
  void shouldKeepWhatReplicasAreTold() {
    server.run("SET", "k", "v", "EX", "10");
    assertThat(server.journal())
        .containsExactly(
            List.of("SELECT", "0"),
            List.of("SET", "k", "v", "PXAT", Long.toString(TestServer.START_MS + 10_000)));
    server.forget();
    server.pass(10_000);
    assertThat(server.run("GET", "k")).isEqualTo(new Reply.Nil());
    assertThat(server.told()).containsExactly(List.of("DEL", "k"));
  }
}
