package io.watchword.server;

import io.watchword.command.server.Info;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** INFO: the table of sections, in Redis's order, and which of them a request means. */
public final class InfoSections implements Info.Text {
  private static final List<String> ORDER =
      List.of(
          "server",
          "clients",
          "memory",
          "persistence",
          "stats",
          "replication",
          "cpu",
          "modules",
          "commandstats",
          "errorstats",
          "latencystats",
          "cluster",
          "keyspace");

  private final List<InfoSection> sections = new ArrayList<>();

  /** Adds a section, or takes the place of the one with the same title. */
  public void put(InfoSection section) {
    sections.removeIf(other -> other.title().equals(section.title()));
    sections.add(section);
    sections.sort((one, other) -> Integer.compare(place(one), place(other)));
  }

  private static int place(InfoSection section) {
    int place = ORDER.indexOf(word(section));
    return place < 0 ? ORDER.size() : place;
  }

  @Override
  public String of(List<String> names) {
    StringBuilder text = new StringBuilder();
    for (InfoSection section : sections) {
      if (isWanted(section, names)) {
        text.append(text.length() == 0 ? "" : "\r\n").append("# ").append(section.title());
        text.append("\r\n");
        section.lines().forEach(line -> text.append(line).append("\r\n"));
      }
    }
    return text.toString();
  }

  private static boolean isWanted(InfoSection section, List<String> names) {
    if (names.isEmpty()) {
      return section.shown() != InfoSection.Shown.BY_ALL;
    }
    for (String name : names) {
      boolean wanted =
          switch (name) {
            case "default" -> section.shown() != InfoSection.Shown.BY_ALL;
            case "all", "everything" -> true;
            default -> name.equals(word(section));
          };
      if (wanted) {
        return true;
      }
    }
    return false;
  }

  private static String word(InfoSection section) {
    return section.title().toLowerCase(Locale.ROOT);
  }
}
