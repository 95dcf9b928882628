package io.watchword.config;

import java.io.IOException;
import java.util.List;

/** Where configuration text comes from; {@code os} has the live one. */
public interface ConfigSources {
  /** The text of a file, Latin-1; fails with the system's reason. */
  String read(String path) throws IOException;

  /** Files that match a path with wildcards, in alphabetical order. */
  List<String> matching(String pathPattern);

  /** All that comes from standard input, Latin-1. */
  String standardInput() throws IOException;
}
