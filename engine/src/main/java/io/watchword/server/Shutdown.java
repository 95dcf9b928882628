package io.watchword.server;

import io.watchword.command.server.ShutdownVerb.Save;
import io.watchword.sys.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;

/**
 * Ends the server in good order: what must be saved is saved, then the process exits with 0. When
 * the save fails the server says so and stays, as Redis does; a second signal exits all the same.
 */
public final class Shutdown {
  private final Log log;
  private final IntConsumer exit;
  private final List<Runnable> last = new ArrayList<>();
  private Function<Boolean, Optional<String>> save = always -> Optional.empty();

  /**
   * @param exit ends the process with a status
   */
  public Shutdown(Log log, IntConsumer exit) {
    this.log = log;
    this.exit = exit;
  }

  /**
   * What saves before an exit, told whether also without save points; answers with the error when
   * it could not.
   */
  public void save(Function<Boolean, Optional<String>> saver) {
    save = saver;
  }

  /** Adds something to do once nothing can keep the server any more. */
  public void beforeExit(Runnable step) {
    last.add(step);
  }

  /** A first signal came: a request, which a save that fails refuses. */
  public void signalled(String name) {
    log.warning("Received " + name + " scheduling shutdown...");
    run(Save.AS_CONFIGURED, false);
  }

  /**
   * Saves unless told not to, and exits.
   *
   * @param force exit also when the save fails
   * @return why the server stays; there is no return when it does not
   */
  public Optional<String> run(Save how, boolean force) {
    log.warning("User requested shutdown...");
    if (how != Save.NEVER) {
      Optional<String> problem = save.apply(how == Save.ALWAYS);
      if (problem.isPresent() && !force) {
        log.warning("Error trying to save the DB, can't exit.");
        return problem;
      }
    }
    log.warning("Redis is now ready to exit, bye bye...");
    leave(0);
    return Optional.empty();
  }

  private void leave(int status) {
    last.forEach(Runnable::run);
    exit.accept(status);
  }
}
