package io.watchword.sentinel.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.resp.Conversation;
import io.watchword.resp.RespService;
import io.watchword.sentinel.core.Address;
import io.watchword.sentinel.core.Effect;
import io.watchword.sentinel.core.Event;
import io.watchword.sentinel.core.Order;
import io.watchword.sentinel.core.OrderReply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class LinksTest {
  private static final Address NODE = new Address("127.0.0.1", 6379);
  private static final Order FENCE = new Order.Fence("g", 3);

  private final List<Event> events = new ArrayList<>();
  private final List<NodeLinkTest.SilentPeer> peers = new ArrayList<>();
  private final List<Conversation> opened = new ArrayList<>();
  private final Links links =
      new Links(this::dial, node -> Credentials.NONE, "name", events::add, why -> {});

  private void dial(Address to, RespService service, Consumer<String> failed) {
    peers.add(new NodeLinkTest.SilentPeer());
    opened.add(service.opened(peers.get(peers.size() - 1)));
  }

  @Test
  void shouldTellThatInfoWasAnsweredWithAnError() {
    links.perform(new Effect.Connect(NODE));
    links.perform(new Effect.AskInfo(NODE));
    answer(0, "+OK\r\n-LOADING wait\r\n");
    assertThat(events).containsExactly(new Event.LinkUp(NODE), new Event.InfoRefused(NODE));
  }

  @Test
  void shouldSayOrdersOnAConnectionThatWasSetAside() {
    links.perform(new Effect.Connect(NODE));
    links.perform(new Effect.SetAside(NODE));
    links.perform(new Effect.Send(NODE, FENCE, true));
    assertThat(peers.get(0).sent.toString()).contains("FENCE");
    assertThat(events).contains(new Event.Answered(NODE, FENCE, new OrderReply.Lost()));
  }

  @Test
  void shouldTakeNoAnswerFromAConnectionThatWasSetAside() {
    links.perform(new Effect.Connect(NODE));
    links.perform(new Effect.Ping(NODE));
    links.perform(new Effect.SetAside(NODE));
    answer(0, "+OK\r\n+PONG\r\n");
    assertThat(events).containsExactly(new Event.LinkUp(NODE));
  }

  @Test
  void shouldKeepAConnectionAsideUntilAnAnswerComesOnAnother() {
    links.perform(new Effect.Connect(NODE));
    links.perform(new Effect.SetAside(NODE));
    links.perform(new Effect.Connect(NODE));
    assertThat(peers.get(0).closed).isFalse();
    answer(1, "+OK\r\n");
    assertThat(peers.get(0).closed).isTrue();
    assertThat(peers.get(1).closed).isFalse();
  }

  @Test
  void shouldKeepOneConnectionAsideAndNoneOfANodeThatIsGone() {
    for (int i = 0; i < 2; i++) {
      links.perform(new Effect.Connect(NODE));
      links.perform(new Effect.SetAside(NODE));
    }
    assertThat(peers.get(0).closed).isTrue();
    assertThat(peers.get(1).closed).isFalse();
    links.perform(new Effect.Disconnect(NODE));
    assertThat(peers.get(1).closed).isTrue();
  }

  private void answer(int connection, String replies) {
    byte[] bytes = replies.getBytes(StandardCharsets.US_ASCII);
    opened.get(connection).received(bytes, 0, bytes.length);
  }
}
