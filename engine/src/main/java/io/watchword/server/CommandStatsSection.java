package io.watchword.server;

import io.watchword.command.Command;
import io.watchword.command.CommandTable;
import io.watchword.command.Stats;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * INFO commandstats. Times are measured for the first calls of a command and then for one in {@link
 * Stats#SAMPLED}, which stands for those around it.
 */
final class CommandStatsSection implements InfoSection {
  private final CommandTable table;
  private final Stats stats;

  CommandStatsSection(CommandTable table, Stats stats) {
    this.table = table;
    this.stats = stats;
  }

  @Override
  public String title() {
    return "Commandstats";
  }

  @Override
  public Shown shown() {
    return Shown.BY_ALL;
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Command row : table.all()) {
      add(lines, row);
      row.subcommands().forEach(sub -> add(lines, sub));
    }
    return lines;
  }

  private void add(List<String> lines, Command row) {
    long calls = stats.calls[row.id()];
    long rejected = stats.rejected[row.id()];
    long failed = stats.failed[row.id()];
    if (calls + rejected + failed == 0) {
      return;
    }
    double micros = stats.nanos[row.id()] / 1000.0;
    lines.add(
        String.format(
            Locale.ROOT,
            "cmdstat_%s:calls=%d,usec=%d,usec_per_call=%.2f,rejected_calls=%d,failed_calls=%d",
            row.fullWord(),
            calls,
            Math.round(micros),
            calls == 0 ? 0 : micros / calls,
            rejected,
            failed));
  }
}
