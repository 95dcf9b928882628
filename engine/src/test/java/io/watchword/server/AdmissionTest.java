package io.watchword.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.config.Config;
import io.watchword.config.Directives;
import org.junit.jupiter.api.Test;

final class AdmissionTest {
  private final Config config = new Config(Directives.ALL);
  private final Admission admission = new Admission(config);

  @Test
  void shouldTakeStrangersOnlyWithAPasswordOrWithoutProtection() {
    assertThat(admission.findRefusal(0, "127.0.0.1:5")).isNull();
    assertThat(admission.findRefusal(0, "10.0.0.1:5")).startsWith("DENIED Redis is running");
    config.put(Directives.REQUIREPASS, "secret");
    assertThat(admission.findRefusal(0, "10.0.0.1:5")).isNull();
    config.put(Directives.REQUIREPASS, "");
    config.put(Directives.PROTECTED_MODE, false);
    assertThat(admission.findRefusal(0, "10.0.0.1:5")).isNull();
  }

  @Test
  void shouldRefuseMoreThanMaxclients() {
    config.put(Directives.MAXCLIENTS, 1L);
    TestEngine server = new TestEngine();
    server.engine().admittedBy(admission);
    assertThat(server.connect().ask("PING")).isEqualTo("+PONG\r\n");
    TestConnection second = server.connect();
    assertThat(second.ask("PING")).isEqualTo("-ERR max number of clients reached\r\n");
    assertThat(second.isOpen()).isFalse();
  }

  @Test
  void shouldCloseOnlyThoseWhoAreSilentTooLong() {
    TestEngine server = new TestEngine();
    TestConnection idle = server.connect();
    TestConnection listener = server.connect();
    listener.ask("SUBSCRIBE", "a");
    idle.ask("PING");
    server.advance(5_000);
    TestConnection fresh = server.connect();
    server.advance(1_000);
    server.engine().closeIdle(5_500);
    assertThat(idle.isOpen()).isFalse();
    assertThat(listener.isOpen()).isTrue();
    assertThat(fresh.isOpen()).isTrue();
  }

  @Test
  void shouldNotCloseWhoWaitsForOurReply() {
    TestEngine server = new TestEngine();
    TestConnection waiting = server.connect();
    server.engine().pause(server.engine().all().iterator().next(), () -> {});
    server.advance(6_000);
    server.engine().closeIdle(5_500);
    assertThat(waiting.isOpen()).isTrue();
  }
}
