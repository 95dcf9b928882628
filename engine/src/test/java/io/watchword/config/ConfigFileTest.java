package io.watchword.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchword.config.ManyWords.HostPort;
import io.watchword.config.ManyWords.SavePoint;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How redis.conf and the command line are read; error texts are compared in the compat tests. */
final class ConfigFileTest {
  @Test
  void shouldReadNamesInAnyCaseAndBothSpellings() throws Exception {
    Config config = TextSources.load("PORT 7000\nSlaveOf redis-master 6380\nslave-read-only no");
    assertThat(config.get(Directives.PORT)).isEqualTo(7000);
    assertThat(config.get(Directives.REPLICAOF)).contains(new HostPort("redis-master", 6380));
    assertThat(config.get(Directives.REPLICA_READ_ONLY)).isFalse();
  }

  @Test
  void shouldSkipCommentsAndBlankLines() throws Exception {
    Config config = TextSources.load("# port 1\n\n   \t\r\n  # again\n\tport 7001\r\n");
    assertThat(config.get(Directives.PORT)).isEqualTo(7001);
  }

  @Test
  void shouldTakeQuotesAndEscapesInWords() throws Exception {
    assertThat(TextSources.load("requirepass \"a b\\x41\\n\"").get(Directives.REQUIREPASS))
        .isEqualTo("a bA\n");
    assertThat(TextSources.load("requirepass 'it\\'s'").get(Directives.REQUIREPASS))
        .isEqualTo("it's");
  }

  @Test
  void shouldReadUnitsOfMemory() throws Exception {
    assertThat(backlog("1k")).isEqualTo(1_000);
    assertThat(backlog("1kb")).isEqualTo(1_024);
    assertThat(backlog("1M")).isEqualTo(1_000_000);
    assertThat(backlog("1mB")).isEqualTo(1 << 20);
    assertThat(backlog("2g")).isEqualTo(2_000_000_000L);
    assertThat(backlog("2GB")).isEqualTo(2L << 30);
  }

  private static long backlog(String size) throws ConfigError {
    return TextSources.load("repl-backlog-size " + size).get(Directives.REPL_BACKLOG_SIZE);
  }

  @Test
  void shouldAddUpSavePointsAndDropTheDefaultOnes() throws Exception {
    assertThat(TextSources.load("save 900 1\nsave 60 5").get(Directives.SAVE))
        .containsExactly(new SavePoint(900, 1), new SavePoint(60, 5));
    assertThat(TextSources.load("save \"900 1 60 5\"").get(Directives.SAVE)).hasSize(2);
    assertThat(TextSources.load("save 900 1\nsave \"\"").get(Directives.SAVE)).isEmpty();
    assertThat(TextSources.load("port 1").get(Directives.SAVE)).hasSize(3);
  }

  @Test
  void shouldLetALaterLineAndTheCommandLineWin() throws Exception {
    TextSources sources = new TextSources().file("a.conf", "port 1\nport 2\nhz 20");
    Config config = TextSources.load(sources, List.of("a.conf", "--port", "3"));
    assertThat(config.get(Directives.PORT)).isEqualTo(3);
    assertThat(config.get(Directives.HZ)).isEqualTo(20);
  }

  @Test
  void shouldReadStandardInputAfterTheFile() throws Exception {
    TextSources sources =
        new TextSources().file("a.conf", "port 1\nhz 20").standardInput("port 2\n");
    Config config = TextSources.load(sources, List.of("a.conf", "-"));
    assertThat(config.get(Directives.PORT)).isEqualTo(2);
    assertThat(config.get(Directives.HZ)).isEqualTo(20);
  }

  @Test
  void shouldReadIncludedFilesWhereTheyAreNamed() throws Exception {
    TextSources sources =
        new TextSources()
            .file("a.conf", "port 1\ninclude inc/*.conf\nhz 30")
            .file("inc/1.conf", "port 2\nhz 10")
            .file("inc/2.conf", "port 3");
    Config config = TextSources.load(sources, List.of("a.conf"));
    assertThat(config.get(Directives.PORT)).isEqualTo(3);
    assertThat(config.get(Directives.HZ)).isEqualTo(30);
  }

  @Test
  void shouldRefuseAFileThatIncludesItselfForEver() {
    TextSources sources = new TextSources().file("a.conf", "include a.conf");
    assertThatThrownBy(() -> TextSources.load(sources, List.of("a.conf")))
        .hasMessageContaining("included deeper than 16");
  }

  @Test
  void shouldNameAFileThatIsNotThere() {
    assertThatThrownBy(() -> TextSources.load(new TextSources(), List.of("nope.conf")))
        .hasMessage("can't open config file 'nope.conf': No such file or directory");
  }

  @Test
  void shouldRefuseAFeatureThatIsNotBuiltAndSaySo() {
    assertThatThrownBy(() -> TextSources.load("appendonly yes"))
        .hasMessage("'appendonly' needs append-only files, not built yet; accepted: 'no'");
    assertThatThrownBy(() -> TextSources.load("user alice on"))
        .hasMessage("'user' needs ACL users, not built yet");
    assertThatThrownBy(() -> TextSources.load("consistency linearizable"))
        .hasMessageContaining("not built yet");
  }

  @Test
  void shouldAcceptTheValueThatLeavesAFeatureOff() throws Exception {
    Config config =
        TextSources.load(
            "appendonly no\nmaxmemory 0\nsupervised auto\n"
                + "client-output-buffer-limit replica 256mb 64mb 60\n"
                + "user default on nopass sanitize-payload ~* &* +@all");
    assertThat(config.withoutEffect()).isEmpty();
  }

  @Test
  void shouldNameWhatWasGivenAndHasNoEffect() throws Exception {
    Config config = TextSources.load("activerehashing no\nhash-max-ziplist-entries 512");
    assertThat(config.withoutEffect()).containsExactly("activerehashing");
  }

  @Test
  void shouldKeepBytesThatAreNoText() throws Exception {
    assertThat(TextSources.load("requirepass \"\\xff\\x00\u00e9\"").get(Directives.REQUIREPASS))
        .isEqualTo("\u00ff\u0000\u00e9");
  }

  @Test
  void shouldPrintTheBlockThatOperatorsKnow() {
    assertThatThrownBy(() -> TextSources.load("port 1\n  foo bar  \n"))
        .isInstanceOfSatisfying(
            ConfigError.class,
            error ->
                assertThat(error.block("7.2.4"))
                    .isEqualTo(
                        "\n*** FATAL CONFIG FILE ERROR (Redis 7.2.4) ***\n"
                            + "Reading the configuration file, at line 2\n"
                            + ">>> 'foo bar'\n"
                            + "Bad directive or wrong number of arguments\n"));
  }

  @Test
  void shouldTakeNoOneAsNoMaster() throws Exception {
    Config config = TextSources.load("replicaof a 1\nreplicaof no one");
    assertThat(config.get(Directives.REPLICAOF)).isEqualTo(Optional.empty());
  }
}
