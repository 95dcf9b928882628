package io.watchword.server;

import io.watchword.command.server.ShutdownVerb.Save;
import io.watchword.command.server.ShutdownVerb.Stopper.Answer;
import io.watchword.sys.Clock;
import io.watchword.sys.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * Ends the server in good order, as Redis 7 does: replicas that lag may catch up while writes are
 * held back, for {@code shutdown-timeout} at most; what must be saved is saved; the process exits
 * with 0. When the save fails the server says so and stays; a second signal exits all the same.
 * Command thread.
 */
public final class Shutdown {
  /** The replicas of this node. */
  public interface Replicas {
    /** How many there are, whatever their state. */
    int count();

    /** Those of them that have not confirmed everything, each as a line for the log. */
    List<String> lagging();

    /** Holds back what would reach them, and asks them how far they are. */
    void hold();

    /** Lets go what was held back. */
    void letGo();
  }

  /** A shutdown that waits for replicas; {@code told} hears that the server stays. */
  private record Waiting(Save how, boolean force, long deadlineNanos, List<Runnable> told) {}

  private final Log log;
  private final Clock clock;
  private final LongSupplier timeoutSeconds;
  private final IntConsumer exit;
  private final List<Runnable> last = new ArrayList<>();
  private Function<Boolean, Optional<String>> save = always -> Optional.empty();
  private Replicas replicas;
  private Waiting waiting;

  /** Told at the next tick that the server stays: never within the command that made it stay. */
  private final List<Runnable> toldSoon = new ArrayList<>();

  /**
   * @param timeoutSeconds {@code shutdown-timeout}
   * @param exit ends the process with a status
   */
  public Shutdown(Log log, Clock clock, LongSupplier timeoutSeconds, IntConsumer exit) {
    this.log = log;
    this.clock = clock;
    this.timeoutSeconds = timeoutSeconds;
    this.exit = exit;
  }

  /**
   * What saves before an exit, told whether also without save points; answers with the error when
   * it could not.
   */
  public void save(Function<Boolean, Optional<String>> saver) {
    save = saver;
  }

  /** Whom a shutdown waits for; without, for nobody. */
  public void waitsFor(Replicas those) {
    replicas = those;
  }

  /** Adds something to do once nothing can keep the server any more. */
  public void beforeExit(Runnable step) {
    last.add(step);
  }

  /** A first signal came: a request, which a save that fails refuses. */
  public void signalled(String name) {
    log.warning("Received " + name + " scheduling shutdown...");
    run(Save.AS_CONFIGURED, false, false, () -> {});
  }

  /**
   * Lets replicas catch up unless it is to be done now, saves unless told not to, and exits.
   *
   * @param force exit also when the save fails
   * @param stays told, at a tick, when the server stays although {@link Answer#WAITS} was answered
   */
  public Answer run(Save how, boolean now, boolean force, Runnable stays) {
    log.warning("User requested shutdown...");
    List<Runnable> told = waiting == null ? new ArrayList<>() : waiting.told();
    boolean waits = !now && timeoutSeconds.getAsLong() > 0 && isAnyLagging();
    if (waits) {
      told.add(stays);
      long deadline = clock.nanos() + timeoutSeconds.getAsLong() * 1_000_000_000;
      if (waiting == null) {
        log.notice("Waiting for replicas before shutting down.");
        replicas.hold();
      } else {
        deadline = waiting.deadlineNanos();
      }
      waiting = new Waiting(how, force, deadline, told);
      return Answer.WAITS;
    }
    return finish(how, force, told) ? Answer.LEAVES : Answer.STAYS;
  }

  /** Ten times a second. */
  public void tick() {
    List<Runnable> due = List.copyOf(toldSoon);
    toldSoon.clear();
    due.forEach(Runnable::run);
    if (waiting != null && (!isAnyLagging() || clock.nanos() >= waiting.deadlineNanos())) {
      finish(waiting.how(), waiting.force(), waiting.told());
    }
  }

  /** Takes back a shutdown that waits for replicas; false when there is none. */
  public boolean abort() {
    if (waiting == null) {
      return false;
    }
    log.notice("A shutdown that waited for replicas was aborted.");
    stay(waiting.told());
    return true;
  }

  private boolean isAnyLagging() {
    return replicas != null && !replicas.lagging().isEmpty();
  }

  private boolean finish(Save how, boolean force, List<Runnable> told) {
    sayWhoLags();
    if (how != Save.NEVER) {
      Optional<String> problem = save.apply(how == Save.ALWAYS);
      if (problem.isPresent() && !force) {
        log.warning("Error trying to save the DB, can't exit.");
        stay(told);
        return false;
      }
    }
    log.warning("Redis is now ready to exit, bye bye...");
    waiting = null;
    leave(0);
    return true;
  }

  private void sayWhoLags() {
    int count = replicas == null ? 0 : replicas.count();
    if (count > 0) {
      List<String> lagging = replicas.lagging();
      lagging.forEach(log::notice);
      log.notice(
          (count - lagging.size()) + " of " + count + " replicas are in sync when shutting down.");
    }
  }

  private void stay(List<Runnable> told) {
    if (waiting != null) {
      waiting = null;
      replicas.letGo();
    }
    toldSoon.addAll(told);
  }

  private void leave(int status) {
    last.forEach(Runnable::run);
    exit.accept(status);
  }
}
