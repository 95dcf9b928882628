package io.watchword.tidy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.CallGenerator;
import io.watchword.command.Command;
import io.watchword.command.CommandTable;
import io.watchword.command.KeyCommands;
import io.watchword.command.Outcome;
import io.watchword.command.TestServer;
import io.watchword.keyspace.Database;
import io.watchword.server.CommandIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Random calls on a primary; each unit that it tells is replayed on a second keyspace with another
 * clock and other luck. Content must be equal after every unit: a command that forgets to rewrite
 * what depends on time or chance does not survive many seeds.
 *
 * <p>Deadlines are compared too, which a digest does not tell apart.
 */
class ConvergenceTest {
  private static final int SEEDS = Integer.getInteger("watchword.seeds", 200);
  private static final int CALLS = 150;
  private static final int SKEW_MS_MAX = 20_000;
  private static final int LIFETIME_MS_MAX = 3_000;

  @Test
  void shouldEndWithEqualContentAfterEveryUnit() {
    Long only = Long.getLong("watchword.seed");
    for (long seed = only == null ? 1 : only; seed <= (only == null ? SEEDS : only); seed++) {
      String divergence = divergence(CommandIndex.table(), seed);
      if (divergence != null) {
        fail(
            "seed %d: %s%nreplay: mvn -o -pl engine test -Dtest=ConvergenceTest"
                + " -Dwatchword.seed=%d",
            seed, divergence, seed);
      }
    }
  }

  @Test
  void shouldCatchALifetimeThatIsToldVerbatim() {
    List<Command> rows = new ArrayList<>(CommandIndex.all());
    rows.replaceAll(row -> row.name().equals("EXPIRE") ? careless(row) : row);
    CommandTable table = new CommandTable(rows);
    int caught = 0;
    for (long seed = 1; seed <= 20; seed++) {
      if (divergence(table, seed) != null) {
        caught++;
      }
    }
    assertThat(caught).isGreaterThanOrEqualTo(10);
  }

  /** EXPIRE that tells replicas the client's own words, and so a time by their clock. */
  private static Command careless(Command row) {
    return Command.write("EXPIRE", row.arity())
        .args(row.args().toArray(Arg[]::new))
        .runs(ConvergenceTest::expireCarelessly);
  }

  private static Outcome expireCarelessly(Call call) {
    if (call.find(1) == Database.NONE) {
      call.reply().integer(0);
      return Outcome.UNCHANGED;
    }
    call.expireAt(1, call.now() + 1000 * call.integer(2));
    call.reply().integer(1);
    return Outcome.CHANGED;
  }

  /** Where the two first differ, or null when they never do. */
  private static String divergence(CommandTable table, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TestServer primary = new TestServer(table, seed);
    TestServer replica = new TestServer(CommandIndex.table(), ~seed);
    replica.dispatcher().replica(true);
    replica.client().master();
    replica.pass(random.nextInt(-SKEW_MS_MAX, SKEW_MS_MAX));
    CallGenerator calls = new CallGenerator(random, primary::now, 1, LIFETIME_MS_MAX);
    List<TestServer.TestClient> clients = List.of(primary.client(), primary.connect());
    clients.get(1).run("SELECT", "1");
    for (int i = 0; i < CALLS; i++) {
      TestServer.TestClient client = clients.get(random.nextInt(clients.size()));
      String done = step(primary, client, calls, random);
      for (byte[] unit : primary.units()) {
        replica.client().rawBytes(unit);
      }
      if (!primary.content().equals(replica.content())) {
        return String.format(
            java.util.Locale.ROOT,
            "after call %d, %s, told as %s: %s but the replica has %s",
            i,
            done,
            primary.journal(),
            primary.content(),
            replica.content());
      }
      primary.forget();
      replica.pass(random.nextInt(300));
    }
    assertThat(primary.digest()).isEqualTo(replica.digest());
    return null;
  }

  private static String step(
      TestServer primary,
      TestServer.TestClient client,
      CallGenerator calls,
      SplittableRandom random) {
    primary.pass(random.nextInt(200));
    if (random.nextInt(20) == 0) {
      expire(primary);
      return "a round of expiry";
    }
    if (random.nextInt(10) == 0) {
      client.run("MULTI");
      for (int n = random.nextInt(4); n >= 0; n--) {
        run(client, calls.anyOf(KeyCommands.rows()));
      }
      primary.pass(random.nextInt(2_000));
      client.run("EXEC");
      return "a transaction";
    }
    List<String> call = calls.anyOf(KeyCommands.rows());
    run(client, random.nextInt(10) == 0 ? calls.spoiled(call) : call);
    return call.toString();
  }

  private static void run(TestServer.TestClient client, List<String> call) {
    client.run(call.toArray(String[]::new));
  }

  private static void expire(TestServer server) {
    for (int i = 0; i < server.keyspace().count(); i++) {
      int database = i;
      server
          .keyspace()
          .database(i)
          .expire(server.now(), 2, key -> server.dispatcher().expire(database, key));
    }
  }
}
