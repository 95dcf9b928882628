package io.watchword.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.watchword.replication.History;
import io.watchword.replication.Resync;
import io.watchword.replication.Rules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Break, heal, converge, for many seeds. One seed again:
 *
 * <pre>
 * mvn -pl engine test -Dtest=ReplicationSimTest#shouldConvergeAfterEverythingHealed -Dseed=N
 * </pre>
 *
 * <p>With {@code -Dtraces=FOLDER} each node's trace is written to {@code seed-N-NODE.ndjson}, for
 * {@code watchword check --trace}.
 */
class ReplicationSimTest {
  private static final int SEEDS = Integer.getInteger("seeds", 200);
  private static final int GUARD_SEEDS_MAX = 2_000;

  /** Branches that a run is worth little without, by the words of the log. */
  private static final List<String> PROBES =
      List.of(
          "Partial resynchronization request from",
          "Replication ID mismatch",
          "Requested offset for second ID",
          "lack of backlog",
          "Master replication ID changed to",
          "Before turning into a replica",
          "Can't SYNC while not connected with my master",
          "receiving streamed RDB from master with EOF",
          "bytes from master to disk",
          "Connection with master lost",
          "Error condition on socket for SYNC",
          "MASTER timeout: no data nor PING received",
          "Timeout connecting to the MASTER",
          "Disconnecting timedout replica (streaming sync)");

  @Test
  void shouldConvergeAfterEverythingHealed() {
    Long only = Long.getLong("seed");
    long first = only == null ? 1 : only;
    long last = only == null ? SEEDS : only;
    for (long seed = first; seed <= last; seed++) {
      String wrong = outcome(seed, Rules.REAL);
      if (System.getProperty("traces") != null) {
        write(seed, Path.of(System.getProperty("traces")));
      }
      if (!wrong.isEmpty()) {
        fail(
            "seed %d: %s%nreplay: mvn -pl engine test"
                + " -Dtest=ReplicationSimTest#shouldConvergeAfterEverythingHealed -Dseed=%d",
            seed, wrong, seed);
      }
    }
  }

  @Test
  void shouldRepeatARunFromItsSeed() {
    for (long seed = 1; seed <= 10; seed++) {
      ReplicationRun once = new ReplicationRun(seed, Rules.REAL);
      ReplicationRun again = new ReplicationRun(seed, Rules.REAL);
      once.run();
      again.run();

      assertThat(again.traces().toString()).isEqualTo(once.traces().toString());
    }
  }

  @Test
  void shouldReachEveryRareBranch() {
    List<String> missing = new ArrayList<>(PROBES);
    for (long seed = 1; seed <= SEEDS && !missing.isEmpty(); seed++) {
      ReplicationRun run = new ReplicationRun(seed, Rules.REAL);
      run.run();
      for (String line : run.log()) {
        missing.removeIf(line::contains);
      }
    }

    assertThat(missing).isEmpty();
  }

  @Test
  void shouldFindThatOffsetsAloneDoNotNameAHistory() {
    findsDamage(
        "PSYNC by offset alone",
        new Rules() {
          @Override
          public Resync decide(History ours, long backlogFirst, String id, long from) {
            return from >= backlogFirst && from <= ours.offset() + 1
                ? new Resync.Continue(from)
                : Rules.super.decide(ours, backlogFirst, id, from);
          }
        });
  }

  @Test
  void shouldFindThatAPromotionNeedsANewName() {
    findsDamage(
        "no new replid on promotion",
        new Rules() {
          @Override
          public History promoted(History ours, String freshReplid) {
            return ours;
          }
        });
  }

  @Test
  void shouldFindThatARestartedMasterNeedsANewName() {
    findsDamage(
        "same replid after a restart",
        new Rules() {
          @Override
          public History restarted(History saved, String freshReplid) {
            return saved;
          }
        });
  }

  @Test
  void shouldFindThatTheOldNameEndsAtTheSwitch() {
    findsDamage(
        "second offset not checked",
        new Rules() {
          @Override
          public Resync decide(History ours, long backlogFirst, String id, long from) {
            History unlimited =
                new History(ours.replid(), ours.replid2(), Long.MAX_VALUE, ours.offset());
            return Rules.super.decide(unlimited, backlogFirst, id, from);
          }
        });
  }

  private static void findsDamage(String guard, Rules rules) {
    for (long seed = 1; seed <= GUARD_SEEDS_MAX; seed++) {
      String wrong = outcome(seed, rules);
      if (!wrong.isEmpty()) {
        System.out.println("guard off: " + guard + ": found at seed " + seed + ": " + wrong);
        return;
      }
    }
    fail("guard off: %s: %d seeds found nothing", guard, GUARD_SEEDS_MAX);
  }

  private static void write(long seed, Path folder) {
    ReplicationRun run = new ReplicationRun(seed, Rules.REAL);
    run.run();
    run.traces()
        .forEach(
            (node, trace) -> {
              String name = "seed-" + seed + "-" + node.replace(':', '-') + ".ndjson";
              try {
                Files.createDirectories(folder);
                Files.writeString(folder.resolve(name), trace);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  /** A broken guard may also surface as a broken invariant of the machine. */
  private static String outcome(long seed, Rules rules) {
    try {
      return new ReplicationRun(seed, rules).run();
    } catch (IllegalStateException broken) {
      return broken.toString();
    }
  }
}
