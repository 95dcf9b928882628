package io.watchword.os;

import io.watchword.sys.Host;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The process as Linux describes it under {@code /proc}; a machine without it answers 0 where the
 * Java runtime does not know either.
 */
public final class SystemHost implements Host {
  private static final double TICKS_A_SECOND = 100;
  private static final int USER_TICKS_FIELD = 11;
  private static final int SYSTEM_TICKS_FIELD = 12;
  private static final long PAGE_BYTES = 4096;

  @Override
  public long processId() {
    return ProcessHandle.current().pid();
  }

  @Override
  public String system() {
    return System.getProperty("os.name")
        + " "
        + System.getProperty("os.version")
        + " "
        + System.getProperty("os.arch").replace("amd64", "x86_64");
  }

  @Override
  public String executable() {
    return ProcessHandle.current().info().command().orElse("java");
  }

  @Override
  public double userSeconds() {
    return ticks(USER_TICKS_FIELD) / TICKS_A_SECOND;
  }

  @Override
  public double systemSeconds() {
    return ticks(SYSTEM_TICKS_FIELD) / TICKS_A_SECOND;
  }

  @Override
  public long residentBytes() {
    String[] pages = read("/proc/self/statm").split(" ");
    return pages.length < 2 ? 0 : Long.parseLong(pages[1]) * PAGE_BYTES;
  }

  @Override
  public long totalBytes() {
    for (String line : read("/proc/meminfo").split("\n")) {
      if (line.startsWith("MemTotal:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    return 0;
  }

  @Override
  public long heapBytes() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Override
  public String runtime() {
    return System.getProperty("java.vm.name") + " " + System.getProperty("java.version");
  }

  /** Fields are counted after the program's name, which stands in brackets and may hold blanks. */
  private static long ticks(int field) {
    String stat = read("/proc/self/stat");
    int name = stat.lastIndexOf(')');
    String[] fields = name < 0 ? new String[0] : stat.substring(name + 2).split(" ");
    return fields.length <= field ? 0 : Long.parseLong(fields[field]);
  }

  private static String read(String file) {
    try {
      return new String(Files.readAllBytes(Path.of(file)), StandardCharsets.ISO_8859_1);
    } catch (IOException none) {
      return "";
    }
  }
}
