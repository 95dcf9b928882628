package io.watchword.server;

import java.util.List;
import java.util.function.Supplier;

/** A section whose lines come from one place that knows them. */
public record PlainSection(String title, Shown shown, Supplier<List<String>> source)
    implements InfoSection {

  /** A section that INFO shows by default. */
  public static PlainSection of(String title, Supplier<List<String>> source) {
    return new PlainSection(title, Shown.BY_DEFAULT, source);
  }

  @Override
  public List<String> lines() {
    return source.get();
  }
}
