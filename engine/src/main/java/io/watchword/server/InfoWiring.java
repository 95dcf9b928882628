package io.watchword.server;

import io.watchword.command.pubsub.Subscribers;
import io.watchword.config.Config;
import io.watchword.sys.Clock;
import io.watchword.sys.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Puts INFO's sections together, but for those of replication and persistence, who bring their own
 * through {@link #sections}.
 */
public final class InfoWiring {
  private final InfoSections sections = new InfoSections();
  private final MemorySection memory;
  private final StatsSection stats;
  private final Clock clock;

  public InfoWiring(
      Engine engine,
      Identity identity,
      Config config,
      Subscribers subscribers,
      Host host,
      Clock clock) {
    this.clock = clock;
    memory = new MemorySection(engine.keyspace(), engine, host);
    stats = new StatsSection(engine.stats(), subscribers);
    sections.put(new ServerSection(identity, config, host, clock));
    sections.put(new ClientsSection(engine, config));
    sections.put(memory);
    sections.put(stats);
    sections.put(PlainSection.of("CPU", () -> cpu(host)));
    sections.put(new PlainSection("Modules", InfoSection.Shown.BY_DEFAULT, List::of));
    sections.put(new CommandStatsSection(engine.dispatcher().table(), engine.stats()));
    sections.put(PlainSection.of("Errorstats", () -> errors(engine)));
    sections.put(new PlainSection("Latencystats", InfoSection.Shown.BY_ALL, List::of));
    sections.put(PlainSection.of("Cluster", () -> new Lines().zeros("cluster_enabled").done()));
    sections.put(new KeyspaceSection(engine.keyspace()));
  }

  /** The table, for those who bring sections of their own. */
  public InfoSections sections() {
    return sections;
  }

  /** Where replication adds its counters. */
  public StatsSection stats() {
    return stats;
  }

  /** Samples what INFO shows as rates and peaks; a job for every tick. */
  public void sample() {
    stats.sample(clock.millis());
    memory.sample();
  }

  private static List<String> cpu(Host host) {
    return new Lines()
        .fraction("used_cpu_sys", 6, host.systemSeconds())
        .fraction("used_cpu_user", 6, host.userSeconds())
        .fraction("used_cpu_sys_children", 6, 0)
        .fraction("used_cpu_user_children", 6, 0)
        .fraction("used_cpu_sys_main_thread", 6, host.systemSeconds())
        .fraction("used_cpu_user_main_thread", 6, host.userSeconds())
        .done();
  }

  private static List<String> errors(Engine engine) {
    List<String> lines = new ArrayList<>();
    engine
        .stats()
        .errorCodes
        .forEach(
            (code, count) ->
                lines.add(String.format(Locale.ROOT, "errorstat_%s:count=%d", code, count)));
    return lines;
  }
}
