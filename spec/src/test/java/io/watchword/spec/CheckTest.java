package io.watchword.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command: what it says, and its exit status. */
class CheckTest {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final String root = System.getProperty(SpecRoot.PROPERTY);

  @BeforeEach
  void listen() {
    PrintStream ear = new PrintStream(said, true, StandardCharsets.UTF_8);
    System.setOut(ear);
    System.setErr(ear);
  }

  @AfterEach
  void restore() {
    System.setOut(out);
    System.setErr(err);
    if (root == null) {
      System.clearProperty(SpecRoot.PROPERTY);
    } else {
      System.setProperty(SpecRoot.PROPERTY, root);
    }
  }

  @Test
  void shouldEndInATable() {
    // One worker: only then is the counterexample that TLC finds first also the shortest.
    int status = Check.run("--workers", "1", "no_shift");

    assertThat(status).isZero();
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("model", "expected", "got", "states", "seconds")
        .contains("violates HistoryUniqueInv after 3 steps")
        .contains("1 models, all as expected");
  }

  @Test
  void shouldAnswerInJson() {
    int status = Check.run("--json", "--workers", "1", "no_shift");

    String json = said.toString(StandardCharsets.UTF_8).lines().reduce((a, b) -> b).orElseThrow();
    assertThat(status).isZero();
    assertThat(Json.readObject(json)).containsKey("models");
    assertThat(json).contains("\"verdict\":\"as_expected\"");
  }

  @Test
  void shouldNameTheModelsThatThereAre() {
    int status = Check.run("no_such_model");

    assertThat(status).isEqualTo(2);
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("unknown model no_such_model")
        .contains("psync2_chain4");
  }

  @Test
  void shouldRefuseWhatItDoesNotKnow() {
    assertThat(Check.run("--no-such-option")).isEqualTo(2);
    assertThat(Check.run("--workers", "0")).isEqualTo(2);
    assertThat(Check.run("--trace", "no-such-file.ndjson")).isEqualTo(2);
  }

  @Test
  void shouldLackItsSpecsElsewhere(@TempDir Path elsewhere) {
    System.setProperty(SpecRoot.PROPERTY, elsewhere.toString());

    assertThat(Check.run()).isEqualTo(3);
  }

  @Test
  void shouldFailWhenTheSpecIsBroken(@TempDir Path tree) throws IOException {
    edit(tree, "replication/Psync2.tla", "ShiftOnPromote THEN [replid EX", "FALSE THEN [replid EX");

    assertThat(Check.run("psync2")).isEqualTo(1);
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("! violates");
  }

  @Test
  void shouldFailWhenTheSpecDoesNotParse(@TempDir Path tree) throws IOException {
    edit(tree, "replication/Psync2.tla", "NoReplid == 0", "NoReplid == = 0");

    assertThat(Check.run("no_shift")).isEqualTo(1);
  }

  @Test
  void shouldFailWhenAMutantNoLongerFails(@TempDir Path tree) throws IOException {
    edit(tree, "mutants/no_shift.cfg", "MaxWrite = 2", "MaxWrite = 0");
    edit(tree, "mutants/no_shift.cfg", "MaxId = 3", "MaxId = 1");

    assertThat(Check.run("no_shift")).isEqualTo(1);
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("! passes");
  }

  @Test
  void shouldFailWhenAPassingModelHasOtherStates(@TempDir Path tree) throws IOException {
    edit(tree, "lin/ok_fence.cfg", "MaxWrite = 1", "MaxWrite = 0");

    assertThat(Check.run("lin_ok_fence")).isEqualTo(1);
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("with other states than the 3100");
  }

  @Test
  void shouldNotKnowWhenTimeIsUp(@TempDir Path tree) throws IOException {
    edit(tree, "models.json", "\"budgetSeconds\": 400", "\"budgetSeconds\": 1");

    assertThat(Check.run("psync2")).isEqualTo(4);
  }

  /** Changes a copy of the specs, which becomes the one that is checked. */
  private static void edit(Path tree, String file, String from, String to) throws IOException {
    if (!Files.exists(tree.resolve("spec"))) {
      Path spec = Spec.folder();
      for (String ending : new String[] {".tla", ".cfg", ".json"}) {
        for (String name : Spec.files(ending)) {
          Files.createDirectories(tree.resolve("spec").resolve(name).getParent());
          Files.copy(spec.resolve(name), tree.resolve("spec").resolve(name));
        }
      }
      System.setProperty(SpecRoot.PROPERTY, tree.toString());
    }
    Path copy = tree.resolve("spec").resolve(file);
    String text = Files.readString(copy);
    assertThat(text).contains(from);
    Files.writeString(copy, text.replace(from, to));
  }
}
