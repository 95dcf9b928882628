package io.watchword.boot;

import io.watchword.command.SnapshotControl;
import io.watchword.command.persistence.Saves;
import io.watchword.config.Config;
import io.watchword.config.Directives;
import io.watchword.net.NettyLoop;
import io.watchword.os.BackgroundThread;
import io.watchword.os.OsDisk;
import io.watchword.rdb.RdbInfo;
import io.watchword.rdb.Snapshots;
import io.watchword.server.Engine;
import io.watchword.server.Persistence;
import io.watchword.server.PersistenceInfo;
import io.watchword.server.SaveSettings;
import io.watchword.server.ServerGate;
import io.watchword.server.Shutdown;
import io.watchword.server.StartLoad;
import io.watchword.sys.Clock;
import io.watchword.sys.Disk;
import io.watchword.sys.Log;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Saving and loading of one server, put together. */
final class PersistenceWiring implements AutoCloseable {
  /** Of the heap, what may wait to be written before a snapshot is given up. */
  private static final int QUEUE_SHARE = 8;

  private final Config config;
  private final Engine engine;
  private final BackgroundThread background;
  private final Snapshots snapshots;
  private final SaveSettings settings;
  private final Persistence persistence;
  private final StartLoad load;

  PersistenceWiring(Config config, Engine engine, Clock clock, Log log, NettyLoop loop) {
    this.config = config;
    this.engine = engine;
    background = new BackgroundThread("background", log);
    snapshots = new Snapshots(loop, clock, background, engine.keyspace());
    settings =
        new SaveSettings(
            config, ProcessHandle.current().pid(), Runtime.getRuntime().maxMemory() / QUEUE_SHARE);
    persistence =
        new Persistence(loop, snapshots, clock, this::disk, settings, engine.stats(), log);
    load = new StartLoad(loop, background, clock, engine.keyspace(), log);
  }

  /** Gives the rest of the server its ways in; before anybody can connect. */
  void connect(ServerGate gate, Shutdown shutdown) {
    engine.dispatcher().offer(Saves.class, persistence);
    engine.dispatcher().offer(SnapshotControl.class, persistence);
    gate.misconf(persistence::findMisconf);
    gate.loading(load::isLoading);
    // Half a data set must not replace the whole one on disk.
    shutdown.save(always -> gate.isLoading() ? Optional.empty() : persistence.saveFinally(always));
  }

  /** Loads the file; one of the two is called on the command thread, now or later. */
  void load(boolean asMaster, Consumer<RdbInfo> loaded, Runnable failed) {
    load.begin(
        disk(),
        config.get(Directives.DBFILENAME),
        asMaster,
        new StartLoad.Ending() {
          @Override
          public void loaded(RdbInfo info) {
            loaded.accept(info);
          }

          @Override
          public void failed() {
            failed.run();
          }
        });
  }

  /** Who knows the history that a snapshot of this moment belongs to. */
  void info(Supplier<RdbInfo> source) {
    persistence.info(source);
  }

  /** Ends a snapshot that is being made. */
  void giveUp(String why) {
    persistence.giveUp(why);
  }

  /** Some times a second. */
  void tick() {
    persistence.tick();
  }

  /** The folder of the files, wherever CONFIG SET has put it by now. */
  Disk disk() {
    return new OsDisk(Path.of(config.get(Directives.DIR)));
  }

  Snapshots snapshots() {
    return snapshots;
  }

  SaveSettings settings() {
    return settings;
  }

  /** INFO's section. */
  PersistenceInfo info() {
    return new PersistenceInfo(persistence, load);
  }

  @Override
  public void close() {
    background.close();
  }
}
