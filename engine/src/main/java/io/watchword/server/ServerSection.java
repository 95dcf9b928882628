package io.watchword.server;

import io.watchword.config.Config;
import io.watchword.config.Directives;
import io.watchword.sys.Clock;
import io.watchword.sys.Host;
import io.watchword.sys.Version;
import java.util.List;

/** INFO server. */
final class ServerSection implements InfoSection {
  private static final long SECONDS_A_DAY = 86_400;
  private static final int LRU_BITS = 0xFFFFFF;

  private final Identity identity;
  private final Config config;
  private final Host host;
  private final Clock clock;

  ServerSection(Identity identity, Config config, Host host, Clock clock) {
    this.identity = identity;
    this.config = config;
    this.host = host;
    this.clock = clock;
  }

  @Override
  public String title() {
    return "Server";
  }

  @Override
  public List<String> lines() {
    long now = clock.millis();
    long uptime = (now - identity.startedAtMs()) / 1000;
    long hz = config.get(Directives.HZ);
    return new Lines()
        .add("redis_version", Version.REDIS)
        .add("redis_git_sha1", "00000000")
        .add("redis_git_dirty", 0)
        .add("redis_build_id", "watchword-" + Version.WATCHWORD)
        .add("redis_mode", "standalone")
        .add("os", host.system())
        .add("arch_bits", 64)
        .add("monotonic_clock", "POSIX clock_gettime")
        .add("multiplexing_api", identity.multiplexing())
        .add("atomicvar_api", "java")
        .add("gcc_version", "0.0.0")
        .add("process_id", host.processId())
        .add("process_supervised", "no")
        .add("run_id", identity.runId())
        .add("tcp_port", config.get(Directives.PORT))
        .add("server_time_usec", now * 1000)
        .add("uptime_in_seconds", uptime)
        .add("uptime_in_days", uptime / SECONDS_A_DAY)
        .add("hz", hz)
        .add("configured_hz", hz)
        .add("lru_clock", now / 1000 & LRU_BITS)
        .add("executable", host.executable())
        .add("config_file", identity.configFile())
        .add("io_threads_active", 0)
        .add("server_name", "watchword")
        .add("watchword_version", Version.WATCHWORD)
        .add("watchword_runtime", host.runtime())
        .done();
  }
}
