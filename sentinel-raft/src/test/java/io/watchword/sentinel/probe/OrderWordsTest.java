package io.watchword.sentinel.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.bytes.Bytes;
import io.watchword.resp.Reply;
import io.watchword.sentinel.core.Address;
import io.watchword.sentinel.core.Order;
import io.watchword.sentinel.core.OrderReply;
import io.watchword.sentinel.core.Report;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OrderWordsTest {
  private static final Address A = new Address("127.0.0.1", 6379);
  private static final Order FENCE = new Order.Fence("g", 4);
  private static final Order FOLLOW = new Order.Follow("g", 4, A);

  @Test
  void shouldSayEveryOrderAsTheEngineUnderstandsIt() {
    Order promote = new Order.Promote("g", 4, new Report(3, "h", 99), new TreeSet<>(List.of(A)));
    assertThat(words(new Order.Claim("g", "h:1,h:2"))).isEqualTo("WATCHWORD CLAIM g h:1,h:2");
    assertThat(words(new Order.Beat("g", 4, 5000, 7))).isEqualTo("WATCHWORD BEAT g 4 5000 7");
    assertThat(words(FENCE)).isEqualTo("WATCHWORD FENCE g 4");
    assertThat(words(new Order.Fence("g", 4, 5000))).isEqualTo("WATCHWORD FENCE g 4 HOLD 5000");
    assertThat(words(promote)).isEqualTo("WATCHWORD PROMOTE g 4 3 99 127.0.0.1:6379");
    assertThat(words(FOLLOW)).isEqualTo("WATCHWORD FOLLOW g 4 127.0.0.1 6379");
  }

  @Test
  void shouldTellAStockNodeInOneTransaction() {
    assertThat(OrderWords.of(FOLLOW, false))
        .containsExactly(
            List.of("MULTI"),
            List.of("SLAVEOF", "127.0.0.1", "6379"),
            List.of("CONFIG", "REWRITE"),
            List.of("CLIENT", "KILL", "TYPE", "normal"),
            List.of("CLIENT", "KILL", "TYPE", "pubsub"),
            List.of("EXEC"));
    assertThat(OrderWords.of(FENCE, false)).containsExactly(List.of("INFO"));
  }

  @Test
  void shouldReadTheReportOutOfTheReplyToFence() {
    Reply reply =
        new Reply.Many(
            List.of(
                new Reply.Int(3),
                new Reply.Bulk(Bytes.of("history")),
                new Reply.Int(99),
                new Reply.Int(90),
                new Reply.Many(List.of())));
    assertThat(OrderWords.outcome(FENCE, true, reply))
        .isEqualTo(new OrderReply.Held(new Report(3, "history", 99)));
    assertThat(OrderWords.outcome(FENCE, true, new Reply.Simple("OK")))
        .isInstanceOf(OrderReply.Refused.class);
  }

  @Test
  void shouldTellRefusalsApart() {
    assertThat(outcome("STALEEPOCH 9")).isEqualTo(new OrderReply.Stale(9));
    assertThat(outcome("FOREIGN abc")).isEqualTo(new OrderReply.Foreign("abc"));
    assertThat(outcome("STALEEPOCH x")).isInstanceOf(OrderReply.Refused.class);
    assertThat(outcome("LOADING wait")).isEqualTo(new OrderReply.Refused("LOADING wait"));
  }

  @Test
  void shouldNotTakeAFailedSlaveofForObeyed() {
    Reply failed = new Reply.Many(List.of(new Reply.Failure("ERR no"), new Reply.Simple("OK")));
    Reply rewriteFailed =
        new Reply.Many(List.of(new Reply.Simple("OK"), new Reply.Failure("ERR no file")));
    assertThat(OrderWords.outcome(FOLLOW, false, failed)).isInstanceOf(OrderReply.Refused.class);
    assertThat(OrderWords.outcome(FOLLOW, false, rewriteFailed)).isEqualTo(new OrderReply.Done());
  }

  @Test
  void shouldNeverPrintAPassword() {
    assertThat(new Credentials("u", "secret").toString()).doesNotContain("secret");
    assertThat(new Credentials("", "p").words()).containsExactly("AUTH", "p");
    assertThat(new Credentials("u", "p").words()).containsExactly("AUTH", "u", "p");
    assertThat(Credentials.NONE.words()).isEmpty();
  }

  private static OrderReply outcome(String error) {
    return OrderWords.outcome(FOLLOW, true, new Reply.Failure(error));
  }

  private static String words(Order order) {
    return String.join(" ", OrderWords.of(order, true).get(0));
  }
}
