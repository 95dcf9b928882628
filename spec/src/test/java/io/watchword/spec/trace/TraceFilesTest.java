package io.watchword.spec.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceFilesTest {
  @TempDir Path folder;

  @Test
  void shouldReadALineAsTheDriverWritesIt() throws IOException {
    TraceLine line = read(Lines.started("a", 1, 5), Lines.wrote("a", 2, 7, 0, 10, 20)).get(1);

    assertThat(line.type()).isEqualTo("Wrote");
    assertThat(line.tNs()).isEqualTo(7);
    assertThat(line.ends()).containsExactly(10L, 20L);
    assertThat(line.after().offset()).isEqualTo(20);
  }

  @Test
  void shouldLeaveOutALineThatAKilledNodeDidNotFinish() throws IOException {
    Path file = folder.resolve("a");
    Files.writeString(file, Lines.started("a", 1, 5) + "\n{\"v\":1,\"node\":\"a\",\"se");

    assertThat(TraceFiles.read(List.of(file)).get("a")).hasSize(1);
  }

  @Test
  void shouldNotReadOnOverAGap() {
    refuses("lines are missing", Lines.started("a", 1, 5), Lines.wrote("a", 3, 7, 0, 10));
  }

  @Test
  void shouldNotReadATraceWithoutItsBeginning() {
    refuses("begins with Started", Lines.wrote("a", 1, 7, 0, 10));
  }

  @Test
  void shouldNotReadAClockThatGoesBack() {
    refuses("t_ns goes back", Lines.started("a", 1, 5), Lines.wrote("a", 2, 4, 0, 10));
  }

  @Test
  void shouldNameThePlaceOfWhatIsMalformed() {
    refuses("a:2: malformed JSON at column", Lines.started("a", 1, 5), "{\"v\":1,");
    refuses("a:1: format 2 is not known", "{\"v\":2}");
    refuses("field \"ends\" is missing", Lines.started("a", 1, 5).replace("Started", "Wrote"));
  }

  @Test
  void shouldNotJudgeAReplicaWithoutItsMaster() {
    refuses(
        "follows b, whose trace is not given",
        Lines.started("a", 1, 5).replace("\"source\":\"\"", "\"source\":\"b\""));
  }

  private List<TraceLine> read(String... lines) throws IOException {
    Path file = folder.resolve("a");
    Files.writeString(file, String.join("\n", lines) + "\n");
    return TraceFiles.read(List.of(file)).get("a");
  }

  private void refuses(String why, String... lines) {
    assertThatThrownBy(() -> read(lines))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
