package io.watchword.sentinel.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same requests to a stock redis-sentinel and to ours, which watch the same stock data nodes:
 * the same fields in the same order, the same error texts.
 */
class StockSentinelTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  @TempDir static Path folder;
  private static Group group;
  private static Stock stock;

  @BeforeAll
  static void start() throws Exception {
    group = new Group(folder.resolve("ours"));
    int port = Group.freePorts(1).get(0);
    stock = new Stock(folder.resolve("stock"), "redis-sentinel", port);
    Path file = folder.resolve("stock").resolve("sentinel.conf");
    Files.writeString(
        file,
        "port "
            + port
            + "\nbind 127.0.0.1\nsentinel monitor mymaster 127.0.0.1 "
            + group.nodes.get(0).port
            + " 1\nsentinel down-after-milliseconds mymaster 60000\n");
    stock.start(file.toString(), "--sentinel");
    await().atMost(PATIENCE).until(group::isReady);
    await()
        .atMost(PATIENCE)
        .until(() -> theirs("SENTINEL", "REPLICAS", "mymaster").startsWith("*2\r\n"));
    await()
        .atMost(PATIENCE)
        .until(() -> !names(theirs("SENTINEL", "SENTINELS", "mymaster")).isEmpty());
  }

  @AfterAll
  static void stop() throws Exception {
    stock.stop();
    group.stop();
  }

  @Test
  void shouldDescribeAMasterByTheSameFields() {
    List<String> theirs = names(theirs("SENTINEL", "MASTER", "mymaster"));
    assertThat(theirs).contains("config-epoch", "parallel-syncs");
    assertThat(names(ours("SENTINEL", "MASTER", "mymaster"))).isEqualTo(theirs);
    assertThat(names(ours("SENTINEL", "MASTERS"))).isEqualTo(names(theirs("SENTINEL", "MASTERS")));
  }

  @Test
  void shouldDescribeReplicasByTheSameFields() {
    List<String> theirs = names(theirs("SENTINEL", "REPLICAS", "mymaster"));
    assertThat(theirs).contains("slave-repl-offset", "replica-announced");
    assertThat(names(ours("SENTINEL", "REPLICAS", "mymaster"))).isEqualTo(theirs);
    assertThat(names(ours("SENTINEL", "SLAVES", "mymaster"))).isEqualTo(theirs);
  }

  @Test
  void shouldDescribeSentinelsByTheSameFields() {
    List<String> theirs = names(theirs("SENTINEL", "SENTINELS", "mymaster"));
    List<String> ours = names(ours("SENTINEL", "SENTINELS", "mymaster"));
    assertThat(theirs).contains("voted-leader-epoch");
    // Ours has two others; how many the stock one has met by our hello messages may vary.
    int each = ours.size() / 2;
    assertThat(ours.subList(0, each)).isEqualTo(theirs.subList(0, each));
  }

  @Test
  void shouldGiveTheSameAnswersToTheSameWords() {
    String[][] requests = {
      {"SENTINEL", "GET-MASTER-ADDR-BY-NAME", "mymaster"},
      {"SENTINEL", "get-master-addr-by-name", "nobody"},
      {"SENTINEL", "MASTER", "nobody"},
      {"SENTINEL", "REPLICAS", "nobody"},
      {"SENTINEL", "SENTINELS", "nobody"},
      {"SENTINEL", "CKQUORUM", "nobody"},
      {"SENTINEL", "MASTER"},
      {"SENTINEL", "FROBNICATE"},
      {"SENTINEL"},
      {"PING"},
      {"PING", "hello"},
      {"ROLE"},
      {"ROLE", "x"},
      {"GET", "k"},
      {"frobnicate", "a", "b"},
      {"PUBLISH", "news", "x"},
      {"AUTH", "secret"},
      {"AUTH", "nobody", "secret"},
      {"CLIENT", "SETNAME", "a b"},
      {"CLIENT", "SETNAME", "ok"},
      {"CLIENT", "GETNAME"},
      {"HELLO", "4"},
      {"HELLO", "x"},
      {"SUBSCRIBE", "+sdown"},
      {"UNSUBSCRIBE"},
      {"SUBSCRIBE"},
    };
    List<String> different = new ArrayList<>();
    for (String[] request : requests) {
      String ours = ours(request);
      String theirs = theirs(request);
      if (!ours.equals(theirs)) {
        different.add(String.join(" ", request) + ": ours " + ours + " theirs " + theirs);
      }
    }
    assertThat(different).isEmpty();
  }

  @Test
  void shouldShowTheSameFieldsOfASentinelInInfo() {
    List<String> theirs = lines(theirs("INFO", "sentinel"));
    assertThat(lines(ours("INFO", "sentinel"))).containsAll(theirs);
  }

  private static List<String> lines(String info) {
    List<String> names = new ArrayList<>();
    for (String line : info.split("\r\n")) {
      if (line.indexOf(':') > 0) {
        names.add(line.substring(0, line.indexOf(':')));
      }
    }
    return names;
  }

  /** Every second bulk string of a reply: the names of flat field lists, one after the other. */
  private static List<String> names(String reply) {
    List<String> names = new ArrayList<>();
    boolean name = true;
    String[] lines = reply.split("\r\n", -1);
    for (int i = 0; i < lines.length - 1; i++) {
      if (lines[i].startsWith("*")) {
        name = true;
      } else if (lines[i].startsWith("$")) {
        i++;
        if (name) {
          names.add(lines[i]);
        }
        name = !name;
      }
    }
    return names;
  }

  private static String ours(String... words) {
    return group.ask(0, words);
  }

  private static String theirs(String... words) {
    return Group.tell(stock.port, words);
  }
}
