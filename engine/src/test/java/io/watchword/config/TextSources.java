package io.watchword.config;

import io.watchword.bytes.Glob;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Files of configuration that exist only in a test. */
final class TextSources implements ConfigSources {
  private final Map<String, String> files = new TreeMap<>();
  private String standardInput = "";

  TextSources file(String path, String text) {
    files.put(path, text);
    return this;
  }

  TextSources standardInput(String text) {
    standardInput = text;
    return this;
  }

  @Override
  public String read(String path) throws IOException {
    if (!files.containsKey(path)) {
      throw new IOException("No such file or directory");
    }
    return files.get(path);
  }

  @Override
  public List<String> matching(String pathPattern) {
    byte[] glob = pathPattern.getBytes(StandardCharsets.ISO_8859_1);
    List<String> found = new ArrayList<>();
    for (String path : files.keySet()) {
      byte[] text = path.getBytes(StandardCharsets.ISO_8859_1);
      if (Glob.matches(glob, text, 0, text.length, false)) {
        found.add(path);
      }
    }
    return found;
  }

  @Override
  public String standardInput() {
    return standardInput;
  }

  /** A configuration read from {@code text} as its file. */
  static Config load(String text) throws ConfigError {
    return load(new TextSources().file("redis.conf", text), List.of("redis.conf"));
  }

  static Config load(TextSources sources, List<String> arguments) throws ConfigError {
    Config config = new Config(Directives.ALL);
    new ConfigFile(config, sources, new OwnLines()).load(CommandLineOptions.of(arguments));
    return config;
  }
}
