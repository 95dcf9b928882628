package io.watchword.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The table of docs/ARCHITECTURE.md, kept true. Every import points up the table. */
class ArchitectureTest {
  private static final String BELOW_COMMAND = "keyspace value memory acl resp bytes sys";
  private static final String BELOW_SERVER =
      "command command.* aof rdb replication authority script acl config pubsub " + BELOW_COMMAND;

  private static final ImportTable ENGINE =
      new ImportTable("io.watchword")
          .row("sys", "")
          .row("bytes", "sys")
          .row("resp", "bytes sys")
          .row("memory", "bytes sys")
          .row("value", "memory bytes sys")
          .row("keyspace", "value memory bytes sys")
          .row("acl", "bytes sys")
          .row("config", "bytes sys")
          .row("pubsub", "bytes sys")
          .row("script", "resp bytes sys")
          .row("replication", "resp bytes sys")
          .row("authority", "resp bytes sys")
          .row("rdb", "keyspace value memory bytes sys")
          .row("aof", "rdb resp bytes sys")
          .row("command", BELOW_COMMAND)
          .row(
              "command.*",
              "command aof rdb replication authority script config pubsub " + BELOW_COMMAND)
          .row("server", BELOW_SERVER)
          .row("net", "resp bytes sys io.netty")
          .row("os", "bytes sys")
          .row("local", "sys bytes resp picocli")
          .row("boot", "everything");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.watchword");

  @Test
  void shouldImportOnlyWhatTheTableAllows() {
    assertThat(ENGINE.violations(CLASSES)).isEmpty();
  }

  @Test
  void shouldAskNobodyTheTimeInPurePackages() {
    Purity.asksNobodyTheTime(
            "io.watchword.sys..",
            "io.watchword.bytes..",
            "io.watchword.resp..",
            "io.watchword.memory..",
            "io.watchword.value..",
            "io.watchword.keyspace..",
            "io.watchword.acl..",
            "io.watchword.config..",
            "io.watchword.pubsub..",
            "io.watchword.script..",
            "io.watchword.replication..",
            "io.watchword.authority..",
            "io.watchword.rdb..",
            "io.watchword.aof..",
            "io.watchword.command..",
            "io.watchword.server..")
        .check(CLASSES);
  }

  @Test
  void shouldHaveNoCycles() {
    Purity.noCycles("io.watchword").check(CLASSES);
  }

  @Test
  void shouldNoticeAnImportThatTheTableDoesNotAllow() {
    ImportTable strict = new ImportTable("io.watchword").row("resp", "sys").row("bytes", "sys");

    assertThat(strict.violations(CLASSES))
        .anyMatch(line -> line.contains("imports io.watchword.bytes: row 'resp'"))
        .contains("package io.watchword.sys has no row in the import table");
  }
}
