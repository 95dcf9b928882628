package io.watchword.command.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.server.TestConnection;
import io.watchword.server.TestEngine;
import org.junit.jupiter.api.Test;

final class PublishTest {
  private final TestEngine server = new TestEngine();
  private final TestConnection publisher = server.connect();
  private final TestConnection listener = server.connect();

  @Test
  void shouldReachListenersOnOtherConnectionsWithinTheTurn() {
    listener.ask("SUBSCRIBE", "a");
    assertThat(publisher.ask("PUBLISH", "a", "hi")).isEqualTo(":1\r\n");
    assertThat(listener.received()).isEqualTo("*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$2\r\nhi\r\n");
  }

  @Test
  void shouldSpeakTheProtocolOfEachListener() {
    listener.ask("HELLO", "3");
    listener.ask("PSUBSCRIBE", "*");
    publisher.ask("PUBLISH", "a", "hi");
    assertThat(listener.received())
        .isEqualTo(">4\r\n$8\r\npmessage\r\n$1\r\n*\r\n$1\r\na\r\n$2\r\nhi\r\n");
  }

  @Test
  void shouldNotReachWhoLeftOrReset() {
    TestConnection second = server.connect();
    listener.ask("SUBSCRIBE", "a");
    second.ask("SUBSCRIBE", "a");
    listener.hangUp();
    second.ask("RESET");
    assertThat(publisher.ask("PUBLISH", "a", "hi")).isEqualTo(":0\r\n");
    assertThat(publisher.ask("PUBSUB", "CHANNELS")).isEqualTo("*0\r\n");
  }

  @Test
  void shouldPassMessagesOnToReplicasWithoutCountingAChange() {
    publisher.ask("PUBLISH", "a", "hi");
    assertThat(server.journal()).endsWith("*3\r\n$7\r\nPUBLISH\r\n$1\r\na\r\n$2\r\nhi\r\n");
    assertThat(server.engine().stats().changes).isZero();
  }

  @Test
  void shouldSendMessagesToAListenerWhoAskedForNoReplies() {
    listener.ask("SUBSCRIBE", "a");
    publisher.ask("CLIENT", "REPLY", "OFF");
    assertThat(publisher.ask("PUBLISH", "a", "hi")).isEmpty();
    assertThat(listener.received()).contains("hi");
    assertThat(publisher.ask("CLIENT", "REPLY", "ON")).isEqualTo("+OK\r\n");
    publisher.ask("CLIENT", "REPLY", "SKIP");
    assertThat(publisher.ask("PING")).isEmpty();
    assertThat(publisher.ask("PING")).isEqualTo("+PONG\r\n");
  }
}
