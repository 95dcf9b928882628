package io.watchword.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NdjsonTraceTest {
  private record Wrote(long to) {}

  private record View(long offset) {}

  @Test
  void shouldEndWithOneComplaintWhenTheDiskIsFull() {
    List<String> complaints = new ArrayList<>();
    NdjsonTrace trace = new NdjsonTrace(new FullDisk(), () -> 0, complaints::add);
    for (int i = 0; i < 3; i++) {
      trace.step("a", new Wrote(i), new View(i), new View(i), List.of());
    }
    assertThat(complaints).singleElement().asString().endsWith("No space left on device");
    assertThat(trace.on()).isFalse();
  }

  private static final class FullDisk extends Writer {
    @Override
    public void write(char[] text, int from, int length) throws IOException {
      throw new IOException("No space left on device");
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
