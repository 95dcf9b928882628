package io.watchword.sentinel.probe;

import io.watchword.resp.Reply;
import io.watchword.sentinel.core.Address;
import io.watchword.sentinel.core.NodeInfo;
import io.watchword.sentinel.core.Order;
import io.watchword.sentinel.core.OrderReply;
import io.watchword.sentinel.core.Report;
import java.util.ArrayList;
import java.util.List;

/**
 * Orders as the words a data node understands, and its reply as what came of them. Our own nodes
 * take {@code WATCHWORD ...}, with the epoch; stock Redis takes {@code SLAVEOF}, without any, so a
 * stock node can be told by a deposed leader what no longer holds, and nothing fences it.
 */
final class OrderWords {
  private OrderWords() {}

  /** The requests to send, in order; the reply to the last one decides. */
  static List<List<String>> of(Order order, boolean watchword) {
    return watchword ? List.of(ours(order)) : stock(order);
  }

  private static List<String> ours(Order order) {
    List<String> words = new ArrayList<>();
    words.add("WATCHWORD");
    if (order instanceof Order.Claim o) {
      add(words, "CLAIM", o.group(), o.sentinels());
    } else if (order instanceof Order.Beat o) {
      add(words, "BEAT", o.group(), o.epoch(), o.ttlMs(), o.nonce());
    } else if (order instanceof Order.Fence o) {
      add(words, "FENCE", o.group(), o.epoch());
      if (o.holdMs() > 0) {
        add(words, "HOLD", o.holdMs());
      }
    } else if (order instanceof Order.Promote o) {
      Report held = o.report();
      add(words, "PROMOTE", o.group(), o.epoch(), held.dataEpoch(), held.offset());
      for (Address member : o.members()) {
        words.add(member.toString());
      }
    } else if (order instanceof Order.Follow o) {
      add(words, "FOLLOW", o.group(), o.epoch(), o.master().host(), o.master().port());
    }
    return words;
  }

  private static void add(List<String> words, Object... more) {
    for (Object word : more) {
      words.add(word.toString());
    }
  }

  private static List<List<String>> stock(Order order) {
    if (order instanceof Order.Promote) {
      return slaveOf("NO", "ONE");
    }
    if (order instanceof Order.Follow follow) {
      return slaveOf(follow.master().host(), Integer.toString(follow.master().port()));
    }
    // Nothing fences a stock node; what it holds can be asked all the same.
    return List.of(List.of("INFO"));
  }

  /** As Redis Sentinel does it: at once for all clients, and with the change in the node's file. */
  private static List<List<String>> slaveOf(String host, String port) {
    return List.of(
        List.of("MULTI"),
        List.of("SLAVEOF", host, port),
        List.of("CONFIG", "REWRITE"),
        List.of("CLIENT", "KILL", "TYPE", "normal"),
        List.of("CLIENT", "KILL", "TYPE", "pubsub"),
        List.of("EXEC"));
  }

  /** What the reply to the last request means. */
  static OrderReply outcome(Order order, boolean watchword, Reply reply) {
    if (reply instanceof Reply.Failure failure) {
      return refusal(failure);
    }
    if (!watchword) {
      return stockOutcome(order, reply);
    }
    if (!(order instanceof Order.Fence)) {
      return new OrderReply.Done();
    }
    if (reply instanceof Reply.Many many
        && many.items().size() >= 3
        && many.items().get(0) instanceof Reply.Int dataEpoch
        && many.items().get(2) instanceof Reply.Int offset) {
      String replid = many.items().get(1).text();
      return new OrderReply.Held(new Report(dataEpoch.value(), replid, offset.value()));
    }
    return new OrderReply.Refused("not a reply to FENCE: " + reply.text());
  }

  private static OrderReply stockOutcome(Order order, Reply reply) {
    if (order instanceof Order.Promote || order instanceof Order.Follow) {
      // CONFIG REWRITE fails on a node without a file, which harms nothing; SLAVEOF must not.
      boolean done =
          reply instanceof Reply.Many many
              && !many.items().isEmpty()
              && !(many.items().get(0) instanceof Reply.Failure);
      return done ? new OrderReply.Done() : new OrderReply.Refused(reply.text());
    }
    return new OrderReply.Held(NodeInfo.parse(reply.text()).report());
  }

  private static OrderReply refusal(Reply.Failure failure) {
    String[] words = failure.text().split(" ");
    if (failure.code().equals("STALEEPOCH") && words.length > 1) {
      try {
        return new OrderReply.Stale(Long.parseLong(words[1]));
      } catch (NumberFormatException e) {
        return new OrderReply.Refused(failure.text());
      }
    }
    if (failure.code().equals("FOREIGN")) {
      return new OrderReply.Foreign(words.length > 1 ? words[1] : "?");
    }
    return new OrderReply.Refused(failure.text());
  }
}
