package io.watchword.boot;

import io.watchword.command.config.ConfigRewriter;
import io.watchword.config.Config;
import io.watchword.config.ConfigRewrite;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** CONFIG REWRITE on the file that the server was started with: replaced in one step or not. */
final class ConfigFileRewriter implements ConfigRewriter {
  private final Config config;

  ConfigFileRewriter(Config config) {
    this.config = config;
  }

  @Override
  public Optional<String> rewrite() {
    if (config.file().isEmpty()) {
      return Optional.of("The server is running without a config file");
    }
    Path file = Path.of(config.file().get()).toAbsolutePath();
    Path draft = file.resolveSibling(file.getFileName() + ".rewrite");
    try {
      String old = Files.readString(file, StandardCharsets.ISO_8859_1);
      Files.writeString(draft, ConfigRewrite.of(old, config), StandardCharsets.ISO_8859_1);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("Rewriting config file: " + e);
    }
  }
}
