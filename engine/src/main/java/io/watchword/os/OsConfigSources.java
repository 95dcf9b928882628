package io.watchword.os;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads configuration from files and standard input; the live half of config's port. */
public final class OsConfigSources {
  private OsConfigSources() {}

  /** The text of a file, Latin-1. */
  public static String read(String path) throws IOException {
    return Files.readString(Path.of(path), StandardCharsets.ISO_8859_1);
  }

  /** All of standard input, Latin-1. */
  public static String standardInput() throws IOException {
    return new String(System.in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** Files that match a pattern in its last element, in alphabetical order. */
  public static List<String> matching(String pattern) {
    Path path = Path.of(pattern);
    Path folder = path.getParent() == null ? Path.of(".") : path.getParent();
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folder, path.getFileName().toString())) {
      files.forEach(file -> found.add(file.toString()));
    } catch (IOException none) {
      return List.of();
    }
    found.sort(null);
    return found;
  }
}
