package io.watchword.sentinel.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.watchword.sentinel.core.Seams;
import io.watchword.sentinel.core.Self;
import io.watchword.sentinel.core.SentinelMachine;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Many seeds of a cluster that is broken and healed. Replay one: {@code mvn -o -pl
 * engine,sentinel-raft test -Dtest=SentinelSimTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dwatchword.seed=N}; {@code -Dwatchword.seeds=N} runs more of them.
 */
class SentinelSimTest {
  private static final int SEEDS = Integer.getInteger("watchword.seeds", 60);
  private static final int SEEDS_FOR_A_MUTANT = 400;

  @Test
  void shouldKeepItsPromisesAndRecoverWhateverBreaks() {
    Long only = Long.getLong("watchword.seed");
    int failovers = 0;
    int forced = 0;
    for (long seed : seeds()) {
      ClusterSim sim = new ClusterSim(seed, Seams::whole, true);
      String violation = sim.run();
      if (!violation.isEmpty()) {
        fail("seed=" + seed + " (replay with -Dwatchword.seed=" + seed + "): " + violation);
      }
      failovers += sim.failovers();
      forced += sim.ledger().forced();
    }
    // A simulation in which nothing ever fails over would prove nothing.
    assertThat(failovers).isGreaterThan(only == null ? SEEDS : -1);
    System.out.println("hand-overs that were forced: " + forced);
    assertThat(forced).isGreaterThan(only == null ? 0 : -1);
  }

  @Test
  void shouldLoseNothingWhenAMasterHandsOverWhateverBecomesOfTheSentinels() {
    Long only = Long.getLong("watchword.seed");
    int handOvers = 0;
    int aborted = 0;
    int cuts = 0;
    for (long seed : seeds()) {
      ClusterSim sim = handingOver(seed, Kind.HAND_OVERS, Seams::whole);
      String violation = sim.run();
      if (!violation.isEmpty()) {
        fail("seed=" + seed + " (replay with -Dwatchword.seed=" + seed + "): " + violation);
      }
      handOvers += sim.ledger().handOvers();
      aborted += sim.ledger().aborted();
      cuts += sim.dataCuts();
    }
    System.out.println(
        "hand-overs: " + handOvers + ", given up: " + aborted + ", data links cut: " + cuts);
    assertThat(cuts).isGreaterThan(only == null ? SEEDS : -1);
    assertThat(handOvers).isGreaterThan(only == null ? SEEDS : -1);
    assertThat(aborted).isGreaterThan(only == null ? 0 : -1);
  }

  @Test
  void shouldNameAnotherMasterThoughNobodyHasWrittenAnything() {
    for (long seed : seeds()) {
      ClusterSim sim = new ClusterSim(seed, Kind.UNWRITTEN, Seams::whole, true);
      assertThat(sim.run()).as("seed " + seed).isEmpty();
    }
  }

  @Test
  void shouldNoticeWhenAReplicaIsPromotedThatHasNotCaughtUp() {
    assertThat(firstLoss(Kind.HAND_OVERS, Seams::withoutCatchUp)).contains("NoAckedLost");
  }

  @Test
  void shouldNoticeWhenAMasterAcceptsWritesAgainBecauseItsClientsHaveWaitedLongEnough() {
    assertThat(firstLoss(Kind.HAND_OVERS_WITH_A_DEADLINE, Seams::whole)).contains("NoAckedLost");
  }

  @Test
  void shouldRunTheSameSeedTheSameWay() {
    ClusterSim one = new ClusterSim(7, Seams::whole, true);
    ClusterSim two = new ClusterSim(7, Seams::whole, true);
    assertThat(one.run()).isEqualTo(two.run());
    assertThat(one.fingerprint()).isEqualTo(two.fingerprint());
  }

  @Test
  void shouldNoticeWhenNodesAcceptAStaleEpoch() {
    assertThat(firstViolation(Seams::whole, false)).contains("StaleOrderFenced");
  }

  @Test
  void shouldNoticeWhenAFailoverBeginsWithoutAQuorum() {
    assertThat(firstViolation(Seams::withoutQuorum, true)).contains("QuorumBehindEpoch");
  }

  private static long[] seeds() {
    Long only = Long.getLong("watchword.seed");
    return only == null ? LongStream.rangeClosed(1, SEEDS).toArray() : new long[] {only};
  }

  private static ClusterSim handingOver(
      long seed, Kind kind, Function<Self, SentinelMachine> machines) {
    return new ClusterSim(seed, kind, machines, true);
  }

  private static String firstLoss(Kind kind, Function<Self, SentinelMachine> machines) {
    for (long seed = 1; seed <= SEEDS_FOR_A_MUTANT; seed++) {
      String violation = handingOver(seed, kind, machines).run();
      if (!violation.isEmpty()) {
        System.out.println("guard off: seen after " + seed + " seeds, " + violation);
        return violation;
      }
    }
    return "nothing in " + SEEDS_FOR_A_MUTANT + " seeds";
  }

  private static String firstViolation(
      Function<Self, SentinelMachine> machines, boolean nodesCheckEpoch) {
    for (long seed = 1; seed <= SEEDS_FOR_A_MUTANT; seed++) {
      String violation = new ClusterSim(seed, machines, nodesCheckEpoch).run();
      if (!violation.isEmpty()) {
        System.out.println("guard off: seen after " + seed + " seeds, " + violation);
        return violation;
      }
    }
    return "nothing in " + SEEDS_FOR_A_MUTANT + " seeds";
  }
}
