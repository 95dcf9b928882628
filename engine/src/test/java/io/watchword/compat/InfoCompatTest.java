package io.watchword.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** INFO's sections, fields and their order, compared with stock Redis. */
final class InfoCompatTest {
  /** Fields that Redis 7.2 has and 7.0.15 has not (src/server.c of the 7.2 branch, BSD). */
  private static final List<String> ONLY_7_2 =
      List.of(
          "total_blocking_keys",
          "total_blocking_keys_on_nokey",
          "acl_access_denied_auth",
          "acl_access_denied_cmd",
          "acl_access_denied_key",
          "acl_access_denied_channel");

  @Test
  void shouldShowTheFieldsOfStockInItsOrder() throws Exception {
    try (StockRedis stock = StockRedis.start();
        RawClient theirs = stock.talk();
        OurServer server = OurServer.start();
        RawClient ours = server.talk()) {
      for (RawClient client : List.of(theirs, ours)) {
        client.ask("SET", "k", "v", "EX", "100");
        client.ask("GET", "k", "x");
      }
      for (String sections : List.of("default", "all", "everything", "SERVER")) {
        assertThat(fields(ours.ask("INFO", sections)))
            .as(sections)
            .isEqualTo(fields(theirs.ask("INFO", sections)));
      }
      assertThat(ours.ask("INFO", "nope")).isEqualTo(theirs.ask("INFO", "nope"));
      assertThat(fields(ours.ask("INFO", "keyspace", "cpu")))
          .isEqualTo(fields(theirs.ask("INFO", "keyspace", "cpu")));
    }
  }

  @Test
  void shouldCountWhatHappened() throws Exception {
    try (OurServer server = OurServer.start();
        RawClient client = server.talk()) {
      client.ask("SET", "k", "v");
      client.ask("GET", "k");
      client.ask("GET", "none");
      client.ask("GET");
      client.ask("NOPE");
      String info = client.ask("INFO", "everything");
      assertThat(info)
          .contains("keyspace_hits:1\r\n", "keyspace_misses:1\r\n")
          .contains("errorstat_ERR:count=2\r\n", "db0:keys=1,expires=0,avg_ttl=0\r\n")
          .containsPattern("cmdstat_get:calls=2,usec=\\d+,.*,rejected_calls=1,failed_calls=0")
          .contains("total_error_replies:2\r\n");
      client.ask("CONFIG", "RESETSTAT");
      assertThat(client.ask("INFO", "stats")).contains("keyspace_hits:0\r\n");
    }
  }

  private static List<String> fields(String raw) {
    List<String> names = new ArrayList<>();
    for (String line : raw.split("\r\n")) {
      String name = line.startsWith("#") ? line : line.replaceFirst(":.*", "");
      boolean ours = name.startsWith("watchword_") || name.equals("server_name");
      boolean dynamic = name.startsWith("cmdstat_") || name.startsWith("latency_percentiles");
      if (!ours && !dynamic && !ONLY_7_2.contains(name) && !name.startsWith("$")) {
        names.add(name);
      }
    }
    return names;
  }
}
