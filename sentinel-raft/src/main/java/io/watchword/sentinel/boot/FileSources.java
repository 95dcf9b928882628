package io.watchword.sentinel.boot;

import io.watchword.config.ConfigSources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Configuration text from files. */
final class FileSources implements ConfigSources {
  @Override
  public String read(String path) throws IOException {
    return Files.readString(Path.of(path), StandardCharsets.ISO_8859_1);
  }

  @Override
  public List<String> matching(String pathPattern) {
    Path path = Path.of(pathPattern);
    Path folder = path.getParent() == null ? Path.of(".") : path.getParent();
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folder, path.getFileName().toString())) {
      files.forEach(file -> found.add(file.toString()));
    } catch (IOException e) {
      // As glob(3): a folder that cannot be read holds nothing that matches.
      return List.of();
    }
    found.sort(null);
    return found;
  }

  @Override
  public String standardInput() throws IOException {
    return new String(System.in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }
}
