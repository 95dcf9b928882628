package io.watchword.sentinel.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidfileTest {
  @TempDir Path folder;

  @Test
  void shouldRemoveOnlyThePidfileOfThisProcess() throws IOException {
    Path file = folder.resolve("pid");
    Files.writeString(file, "12\n");
    Main.removePid(file.toString(), 13);
    assertThat(file).exists();
    Main.removePid(file.toString(), 12);
    assertThat(file).doesNotExist();
  }
}
