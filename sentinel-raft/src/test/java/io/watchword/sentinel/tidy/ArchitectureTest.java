package io.watchword.sentinel.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.watchword.tidy.ImportTable;
import io.watchword.tidy.Purity;
import org.junit.jupiter.api.Test;

/** The sentinels' rows of the import table. JRaft is named in one package and nowhere else. */
class ArchitectureTest {
  private static final String ENGINE_BELOW =
      "io.watchword.resp io.watchword.config io.watchword.acl io.watchword.pubsub"
          + " io.watchword.bytes io.watchword.sys";

  private static final ImportTable SENTINELS =
      new ImportTable("io.watchword.sentinel")
          .row("core", "io.watchword.sys io.watchword.bytes")
          .row(
              "raft",
              "core io.watchword.bytes io.watchword.sys"
                  + " com.alipay.sofa.jraft com.alipay.remoting com.google.protobuf io.protostuff"
                  + " org.rocksdb org.slf4j io.netty")
          .row("probe", "core " + ENGINE_BELOW)
          .row("api", "core " + ENGINE_BELOW)
          .row("config", "core " + ENGINE_BELOW)
          .row("boot", "everything");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.watchword.sentinel");

  @Test
  void shouldImportOnlyWhatTheTableAllows() {
    assertThat(SENTINELS.violations(CLASSES)).isEmpty();
  }

  @Test
  void shouldAskNobodyTheTimeInTheCore() {
    Purity.asksNobodyTheTime("io.watchword.sentinel.core..").check(CLASSES);
  }

  @Test
  void shouldHaveNoCycles() {
    Purity.noCycles("io.watchword.sentinel").check(CLASSES);
  }
}
