package io.watchword.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.command.CallGenerator;
import io.watchword.command.Command;
import io.watchword.command.KeyCommands;
import io.watchword.command.TestServer;
import io.watchword.os.SystemClock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Random calls of the string and key commands, to us and to stock Redis: equal replies, equal
 * content. {@code -Dwatchword.seed=N -Dwatchword.calls=N} replays a run or makes it longer.
 *
 * <p>Known differences, kept out of the comparison:
 *
 * <ul>
 *   <li>OBJECT IDLETIME counts in tens of seconds here, for the clock has two bytes in an entry.
 *   <li>OBJECT REFCOUNT is always 1 here: nothing is shared, where stock shares small integers.
 *   <li>OBJECT HELP, the order of keys and what one step of SCAN holds are our own.
 *   <li>SET with a moment in the past deletes the key at once here, and counts it as expired; stock
 *       keeps it until somebody looks, so that DBSIZE may count it.
 *   <li>FLUSHALL, SWAPDB and COPY of 7.2 are those of 7.0.15; nothing else of the two groups
 *       differs between the two versions.
 * </ul>
 */
final class KeyCommandsCompatTest {
  private static final int CALLS = Integer.getInteger("watchword.calls", 6_000);
  private static final int DIGEST_EVERY = 100;
  private static final long LIFETIME_MS_MIN = 200_000;
  private static final long LIFETIME_MS_MAX = 900_000_000;

  private final SystemClock clock = new SystemClock();
  private final TestServer server = new TestServer();
  private final List<String> past = new ArrayList<>();

  @Test
  void shouldAnswerRandomCallsAsStockRedis() {
    long seed = Long.getLong("watchword.seed", 20_240_601L);
    SplittableRandom random = new SplittableRandom(seed);
    CallGenerator calls =
        new CallGenerator(random, clock::millis, LIFETIME_MS_MIN, LIFETIME_MS_MAX);
    List<Command> rows = KeyCommands.rows();
    try (StockRedis stock = StockRedis.start();
        RawClient client = stock.talk()) {
      for (int i = 1; i <= CALLS; i++) {
        List<String> call = calls.anyOf(rows);
        if (random.nextInt(10) == 0 && !hasLifetime(call)) {
          call = calls.spoiled(call);
        }
        if (isRare(call.get(0)) && random.nextInt(20) > 0) {
          continue;
        }
        compare(client, call, seed);
        if (i % DIGEST_EVERY == 0) {
          assertThat(server.digest())
              .as("content, seed %d after %s", seed, past)
              .isEqualTo(client.ask("DEBUG", "DIGEST").substring(1).strip());
        }
      }
    }
  }

  /** A spoiled lifetime could be short, and end on one server a moment before the other. */
  private static boolean hasLifetime(List<String> call) {
    return call.get(0).contains("EX") || call.stream().anyMatch(word -> word.matches("(?i)[ep]x"));
  }

  private static boolean isRare(String name) {
    return name.startsWith("FLUSH") || name.equals("SWAPDB");
  }

  private void compare(RawClient stock, List<String> call, long seed) {
    String[] words = call.toArray(String[]::new);
    past.add(shown(call));
    if (past.size() > 40) {
      past.remove(0);
    }
    server.clock(clock.millis());
    String theirs = stock.ask(words);
    String ours = server.client().raw(words);
    if (!isKnownDifference(call)) {
      assertThat(comparable(call, ours))
          .as("seed %d, the last calls: %s", seed, past)
          .isEqualTo(comparable(call, theirs));
    }
  }

  private static boolean isKnownDifference(List<String> call) {
    String name = call.get(0);
    return name.equals("RANDOMKEY")
        || (name.equals("OBJECT")
            && call.size() > 1
            && List.of("IDLETIME", "REFCOUNT", "HELP").contains(call.get(1)));
  }

  /** The reply without what two servers never have in common: order, and milliseconds that pass. */
  private static String comparable(List<String> call, String reply) {
    switch (call.get(0)) {
      case "SCAN":
        return reply.startsWith("-") ? reply : "some keys";
      case "KEYS":
        String[] lines = reply.split("\r\n", -1);
        Arrays.sort(lines);
        return String.join("|", lines);
      case "TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME":
        boolean moment = reply.startsWith(":") && reply.charAt(1) != '-';
        return moment ? ":a moment" : reply;
      default:
        return reply;
    }
  }

  private static String shown(List<String> call) {
    return call.stream()
        .map(word -> word.length() > 40 ? word.substring(0, 40) + "..." + word.length() : word)
        .collect(Collectors.joining(" "));
  }
}
