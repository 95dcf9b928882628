package io.watchword.boot;

import io.watchword.command.Client;
import io.watchword.command.config.ConfigRewriter;
import io.watchword.command.pubsub.Subscribers;
import io.watchword.command.server.Debug;
import io.watchword.command.server.Info;
import io.watchword.command.server.ShutdownVerb;
import io.watchword.config.Config;
import io.watchword.os.SystemHost;
import io.watchword.server.Engine;
import io.watchword.server.Identity;
import io.watchword.server.InfoWiring;
import io.watchword.server.Shutdown;
import io.watchword.sys.Clock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/** What commands may use beyond the keyspace, put together and offered to them. */
final class CommandPorts {
  private static final int RUN_ID_BYTES = 20;

  private final Shutdown shutdown;
  private final InfoWiring info;
  private boolean activeExpire = true;

  /**
   * Offers everything to the engine's commands; before the first client is served.
   *
   * @param multiplexing how sockets are watched, for INFO
   */
  CommandPorts(Config config, Engine engine, Shutdown shutdown, Clock clock, String multiplexing) {
    this.shutdown = shutdown;
    Subscribers subscribers = new Subscribers(engine);
    engine.onUnsubscribe(subscribers::forget);
    engine.dispatcher().offer(Subscribers.class, subscribers);
    engine.dispatcher().offer(Config.class, config);
    engine.dispatcher().offer(ConfigRewriter.class, new ConfigFileRewriter(config));
    engine.dispatcher().offer(Debug.Switches.class, switches());
    engine.dispatcher().offer(ShutdownVerb.Stopper.class, stopper(engine));
    Identity identity = identity(config, clock, multiplexing);
    info = new InfoWiring(engine, identity, config, subscribers, new SystemHost(), clock);
    engine.dispatcher().offer(Info.Text.class, info.sections());
  }

  /** The sections of INFO, for those who bring facts of their own. */
  InfoWiring info() {
    return info;
  }

  /** Whether keys past their deadline are to be looked for; DEBUG turns it off. */
  boolean activeExpire() {
    return activeExpire;
  }

  private static Identity identity(Config config, Clock clock, String multiplexing) {
    byte[] run = new byte[RUN_ID_BYTES];
    new SecureRandom().nextBytes(run);
    return new Identity(
        HexFormat.of().formatHex(run),
        clock.millis(),
        multiplexing,
        config.file().map(file -> Path.of(file).toAbsolutePath().toString()).orElse(""));
  }

  private Debug.Switches switches() {
    return new Debug.Switches() {
      @Override
      public void sleep(long millis) {
        try {
          Thread.sleep(millis);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }

      @Override
      public void activeExpire(boolean on) {
        activeExpire = on;
      }
    };
  }

  private ShutdownVerb.Stopper stopper(Engine engine) {
    return new ShutdownVerb.Stopper() {
      @Override
      public Answer stop(Client client, ShutdownVerb.Save save, boolean now, boolean force) {
        boolean[] gone = {false};
        Runnable stays =
            () -> {
              if (!gone[0]) {
                client.out.error(ShutdownVerb.FAILED.getMessage());
                engine.resume(client);
              }
            };
        Answer answer = shutdown.run(save, now, force, stays);
        if (answer == Answer.WAITS) {
          engine.pause(client, () -> gone[0] = true);
        }
        return answer;
      }

      @Override
      public boolean abort() {
        return shutdown.abort();
      }
    };
  }
}
