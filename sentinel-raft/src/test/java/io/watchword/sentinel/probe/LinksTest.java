package io.watchword.sentinel.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.resp.Conversation;
import io.watchword.sentinel.core.Address;
import io.watchword.sentinel.core.Effect;
import io.watchword.sentinel.core.Event;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinksTest {
  private static final Address NODE = new Address("127.0.0.1", 6379);

  @Test
  void shouldTellThatInfoWasAnsweredWithAnError() {
    List<Event> events = new ArrayList<>();
    Conversation[] opened = new Conversation[1];
    Links links =
        new Links(
            (to, service, failed) -> opened[0] = service.opened(new NodeLinkTest.SilentPeer()),
            node -> Credentials.NONE,
            "name",
            events::add,
            why -> {});
    links.perform(new Effect.Connect(NODE));
    links.perform(new Effect.AskInfo(NODE));
    byte[] replies = "+OK\r\n-LOADING wait\r\n".getBytes(StandardCharsets.US_ASCII);
    opened[0].received(replies, 0, replies.length);
    assertThat(events).containsExactly(new Event.LinkUp(NODE), new Event.InfoRefused(NODE));
  }
}
