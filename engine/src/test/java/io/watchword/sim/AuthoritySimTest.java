package io.watchword.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.watchword.authority.Allegiance;
import io.watchword.authority.Answer;
import io.watchword.authority.Authority;
import io.watchword.authority.Decision;
import io.watchword.authority.Facts;
import io.watchword.authority.Order;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Orders of several leaders reach several nodes late, twice and out of order. Whatever arrives, a
 * node never goes back behind the epoch it has promised, and of two masters at most one has
 * promised the latest epoch it heard of.
 */
class AuthoritySimTest {
  private static final int SEEDS = 1_000;
  private static final int NODES = 3;
  private static final int EPOCHS = 6;

  @Test
  void shouldNeverGoBehindAPromise() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      assertThat(run(seed, new Authority())).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void shouldFindThatStaleOrdersMustBeRefused() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      String wrong = run(seed, new Authority((held, given) -> false));
      if (!wrong.isEmpty()) {
        System.out.println("guard off: stale epoch accepted: found at seed " + seed + ": " + wrong);
        return;
      }
    }
    fail("guard off: stale epoch accepted: %d seeds found nothing", SEEDS);
  }

  private static String run(long seed, Authority authority) {
    Sim sim = new Sim(seed);
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      nodes.add(new Node(authority, i == 0 ? "" : "n0"));
    }
    List<String> wrong = new ArrayList<>();
    for (int epoch = 1; epoch <= EPOCHS; epoch++) {
      int e = epoch;
      int master = sim.random().nextInt(NODES);
      sim.after(300L * epoch, () -> lead(sim, nodes, e, master, wrong));
    }
    sim.run(20_000);
    return wrong.isEmpty() ? "" : wrong.get(0);
  }

  /** One leader: fences all, then promotes one and points the others to it. */
  private static void lead(Sim sim, List<Node> nodes, int epoch, int master, List<String> wrong) {
    for (int i = 0; i < NODES; i++) {
      Node node = nodes.get(i);
      Order role =
          i == master
              ? new Order.Promote("g", epoch, 0, 0, List.of())
              : new Order.Follow("g", epoch, "n" + master, 1);
      for (Order order : List.of(new Order.Fence("g", epoch), role)) {
        int copies = sim.between(1, 3);
        for (int copy = 0; copy < copies; copy++) {
          sim.after(sim.between(1, 1_500), () -> node.obey(order, wrong));
        }
      }
    }
  }

  private static final class Node {
    private final Authority authority;
    private Allegiance held;
    private String master;
    private long roleEpoch;

    Node(Authority authority, String master) {
      this.authority = authority;
      this.master = master;
      held = authority.decide(Allegiance.NONE, facts(), new Order.Claim("g", "s")).next();
    }

    private Facts facts() {
      return new Facts(master.isEmpty(), master, master.isEmpty() ? 0 : 1, "r", 0, 0, false, false);
    }

    void obey(Order order, List<String> wrong) {
      Decision decision = authority.decide(held, facts(), order);
      if (decision.next().epoch() < held.epoch()) {
        wrong.add("a node that promised " + held.epoch() + " obeyed " + order);
      }
      held = decision.next();
      if (decision.action() == Decision.Action.PROMOTE
          || decision.action() == Decision.Action.FOLLOW) {
        master = held.masterHost();
        if (held.epoch() < roleEpoch) {
          wrong.add("a role of epoch " + roleEpoch + " was undone by " + order);
        }
        roleEpoch = held.epoch();
      }
      if (decision.answer() instanceof Answer.Stale stale && stale.held() < roleEpoch) {
        wrong.add("the epoch told is older than the role");
      }
    }
  }
}
