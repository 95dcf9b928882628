package io.watchword.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.watchword.command.Command;
import io.watchword.command.Group;
import io.watchword.command.KeySpec;
import io.watchword.server.CommandIndex;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every row of the command table owes to those who read it. */
final class CommandIndexTest {
  private static final String ROWS = "COMMANDS";

  @Test
  void shouldListEveryVerb() throws ReflectiveOperationException {
    List<Command> listed = CommandIndex.all();
    List<String> forgotten = new ArrayList<>();
    int found = 0;
    for (JavaClass verb : verbs()) {
      Object rows = Class.forName(verb.getName()).getField(ROWS).get(null);
      for (Object row : (List<?>) rows) {
        found++;
        if (!listed.contains(row)) {
          forgotten.add(verb.getSimpleName() + " " + ((Command) row).name());
        }
      }
    }
    assertThat(forgotten).isEmpty();
    assertThat(found).isEqualTo(listed.size());
  }

  private static List<JavaClass> verbs() {
    List<JavaClass> verbs = new ArrayList<>();
    for (JavaClass candidate :
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.watchword.command")) {
      if (candidate.tryGetField(ROWS).isPresent()) {
        verbs.add(candidate);
      }
    }
    return verbs;
  }

  @Test
  void shouldSayInEveryRowWhatTheCommandIs() {
    for (Command row : everyRow()) {
      assertThat(row.summary()).as(row.fullWord()).endsWith(".");
      assertThat(row.since()).as(row.fullWord()).matches("\\d+\\.\\d+\\.\\d+");
      assertThat(row.complexity()).as(row.fullWord()).isNotEmpty();
      assertThat(row.arity()).as(row.fullWord()).isNotZero();
    }
  }

  @Test
  void shouldKeepKeysWithinTheFewestArguments() {
    for (Command row : everyRow()) {
      for (KeySpec spec : row.keys()) {
        assertThat(spec.first()).as(row.fullWord()).isPositive().isLessThan(Math.abs(row.arity()));
        assertThat(spec.step()).as(row.fullWord()).isPositive();
      }
    }
  }

  @Test
  void shouldNameEachCommandOnceInItsGroup() {
    assertThat(CommandIndex.all()).extracting(Command::name).doesNotHaveDuplicates();
    for (Command row : CommandIndex.all()) {
      assertThat(Group.values()).contains(row.group());
    }
  }

  private static List<Command> everyRow() {
    List<Command> rows = new ArrayList<>();
    for (Command row : CommandIndex.all()) {
      rows.add(row);
      rows.addAll(row.subcommands());
    }
    return rows;
  }
}
