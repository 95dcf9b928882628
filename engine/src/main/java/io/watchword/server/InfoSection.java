package io.watchword.server;

import java.util.List;

/**
 * One section of INFO. Whoever knows its facts writes it; {@link InfoSections} has the table.
 * Command thread.
 */
public interface InfoSection {
  /** The title as printed, such as {@code Replication}; asked for in any case. */
  String title();

  /** Its lines, {@code field:value} each, in the order of Redis 7.2. */
  List<String> lines();

  /** When INFO shows it without being asked for it by name. */
  default Shown shown() {
    return Shown.BY_DEFAULT;
  }

  /** Kinds of asking that show a section. */
  enum Shown {
    /** INFO, INFO all, INFO everything. */
    BY_DEFAULT,
    /** INFO all and INFO everything. */
    BY_ALL
  }
}
