package io.watchword.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the folder {@code spec/}, so that the command works from any folder. */
public final class SpecRoot {
  /** System property with the root of the tree; the launcher sets it. */
  public static final String PROPERTY = "watchword.root";

  private SpecRoot() {}

  /**
   * The folder below the root that the launcher named, or else below the working folder or one
   * above it.
   *
   * @throws IOException if there is none
   */
  public static Path find() throws IOException {
    String named = System.getProperty(PROPERTY);
    if (named != null) {
      return existing(Path.of(named));
    }
    Path start = Path.of("").toAbsolutePath();
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder.resolve("spec/models.json"))) {
        return folder.resolve("spec");
      }
    }
    throw new IOException("no spec/models.json in " + start + " or above it");
  }

  private static Path existing(Path root) throws IOException {
    Path spec = root.toAbsolutePath().resolve("spec");
    if (!Files.isRegularFile(spec.resolve("models.json"))) {
      throw new IOException("no models.json in " + spec + " (-D" + PROPERTY + ")");
    }
    return spec;
  }
}
