package io.watchword.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PubSubTest {
  private final PubSub<String> pubSub = new PubSub<>();

  @Test
  void shouldTellListenersOfTheChannelBeforeThoseOfPatterns() {
    pubSub.subscribePattern("ann", Bytes.of("ne*"));
    pubSub.subscribe("bob", Bytes.of("news"));
    pubSub.subscribe("ann", Bytes.of("news"));
    pubSub.subscribePattern("eve", Bytes.of("old*"));
    assertThat(published("news")).containsExactly("bob", "ann", "ann by ne*");
    assertThat(published("other")).isEmpty();
  }

  @Test
  void shouldCountASubscriptionOnce() {
    assertThat(pubSub.subscribe("ann", Bytes.of("a"))).isTrue();
    assertThat(pubSub.subscribe("ann", Bytes.of("a"))).isFalse();
    pubSub.subscribePattern("ann", Bytes.of("a"));
    assertThat(pubSub.countOf("ann")).isEqualTo(2);
    assertThat(pubSub.unsubscribe("ann", Bytes.of("a"))).isTrue();
    assertThat(pubSub.unsubscribe("ann", Bytes.of("a"))).isFalse();
    assertThat(pubSub.countOf("ann")).isEqualTo(1);
  }

  @Test
  void shouldForgetWhoLeft() {
    pubSub.subscribe("ann", Bytes.of("a"));
    pubSub.subscribePattern("ann", Bytes.of("*"));
    pubSub.subscribe("bob", Bytes.of("a"));
    pubSub.leave("ann");
    assertThat(published("a")).containsExactly("bob");
    assertThat(pubSub.countOf("ann")).isZero();
    assertThat(pubSub.patterns()).isZero();
    pubSub.leave("bob");
    assertThat(pubSub.channels()).isZero();
  }

  @Test
  void shouldListNamesInTheOrderOfSubscription() {
    List.of("c", "a", "b").forEach(name -> pubSub.subscribe("ann", Bytes.of(name)));
    assertThat(pubSub.channelsOf("ann")).hasToString("[c, a, b]");
    assertThat(pubSub.channelsMatching(null)).hasToString("[c, a, b]");
    assertThat(pubSub.channelsMatching(Bytes.of("[ab]"))).hasToString("[a, b]");
    assertThat(pubSub.listenersOf(Bytes.of("c"))).isEqualTo(1);
  }

  private List<String> published(String channel) {
    List<String> told = new ArrayList<>();
    int count =
        pubSub.publish(
            Bytes.of(channel),
            new PubSub.Delivery<>() {
              @Override
              public void toChannel(String listener) {
                told.add(listener);
              }

              @Override
              public void toPattern(String listener, Bytes pattern) {
                told.add(listener + " by " + pattern);
              }
            });
    assertThat(count).isEqualTo(told.size());
    return told;
  }
}
