package io.watchword.server;

import io.watchword.authority.Allegiance;
import io.watchword.authority.AllegianceFile;
import io.watchword.authority.Answer;
import io.watchword.authority.Authority;
import io.watchword.authority.Decision;
import io.watchword.authority.Facts;
import io.watchword.authority.Order;
import io.watchword.command.authority.Obedience;
import io.watchword.replication.ReplicationStatus;
import io.watchword.replication.Role;
import io.watchword.sys.Clock;
import io.watchword.sys.Log;
import java.io.IOException;
import java.util.function.LongSupplier;

/**
 * The live end of {@link Authority}: keeps promises on disk before they are answered, and has them
 * carried out. Used by the command thread; a promise costs it one fsync, and promises are rare.
 *
 * <p>A claimed master that starts again may have been replaced while it was away. It serves reads
 * and refuses writes until its group's beat names it, which it does not when nothing of the data is
 * left, or until {@code claim-wait-ms} have passed without a word from its group, counted from the
 * moment at which its data are loaded.
 */
public final class AuthorityDriver implements Obedience {
  private static final String WAITING =
      "READONLY This master was restarted and waits for its sentinels to confirm it.";
  private static final String FENCED =
      "READONLY This node was fenced by its sentinels and waits to be told its role.";

  private final Authority authority = new Authority();
  private final AllegianceFile file;
  private final Clock clock;
  private final Log log;
  private final LongSupplier claimWaitMs;
  private final ReplicationDriver replication;
  private final Engine engine;
  private final Pauses pauses;
  private Allegiance held;
  private boolean unconfirmed;
  private boolean started;
  private boolean startedEmpty;
  private long heardNanos;

  /**
   * @param held what {@link AllegianceFile#read} gave
   * @param claimWaitMs {@code claim-wait-ms}
   * @param engine whose clients may be kept waiting for a role, and are let go when it is lost
   */
  public AuthorityDriver(
      AllegianceFile file,
      Allegiance held,
      Clock clock,
      Log log,
      LongSupplier claimWaitMs,
      ReplicationDriver replication,
      Engine engine) {
    this.file = file;
    this.held = held;
    this.clock = clock;
    this.log = log;
    this.claimWaitMs = claimWaitMs;
    this.replication = replication;
    this.engine = engine;
    this.pauses = engine.pauses();
    unconfirmed = held.isClaimed() && held.isMaster();
    replication.roleByHand(this::takeUpByHand);
    replication.claimed(this::isClaimed);
  }

  /** Whether a sentinel group has taken this node for one of its own. */
  public boolean isClaimed() {
    return held.isClaimed();
  }

  /** False on a claimed master that was restarted and waits for its group to name it. */
  public boolean isConfirmed() {
    return !unconfirmed;
  }

  /** The highest epoch promised. */
  public long epoch() {
    return held.epoch();
  }

  /**
   * Whether writes wait for this node's next role. None runs meanwhile, so none is to be refused.
   */
  public boolean holdsWrites() {
    return pauses.holdsWrites();
  }

  /** The error of a client's write, or null. */
  public String findWriteRefusal() {
    if (held.fenced()) {
      return FENCED;
    }
    return unconfirmed ? WAITING : null;
  }

  /** Ten times a second. */
  public void tick() {
    // Before the role is taken up nobody could have been heard: loading does not count as silence.
    boolean waits = started && unconfirmed;
    if (waits && (clock.nanos() - heardNanos) / 1_000_000 >= claimWaitMs.getAsLong()) {
      log.warning("No sentinel of the group " + held.group() + " spoke up: serving as a master.");
      unconfirmed = false;
    }
  }

  /**
   * The node has taken up its role; from now on orders may change it.
   *
   * @param empty whether nothing was there to load
   */
  public void started(boolean empty) {
    started = true;
    startedEmpty = empty;
    heardNanos = clock.nanos();
  }

  @Override
  public Answer obey(Order order) {
    if (!started) {
      // Taking up the role that was promised before would undo what was obeyed now.
      return new Answer.Refused("this node is starting");
    }
    if (order.group().equals(held.group())) {
      heardNanos = clock.nanos();
    }
    boolean again = held.fenced() && held.epoch() == epochOf(order);
    Decision decision = authority.decide(held, facts(), order);
    if (!decision.next().equals(held) && !remembers(decision.next())) {
      return new Answer.Refused("the promise could not be written to disk");
    }
    act(decision.action(), order, again);
    return decision.answer();
  }

  private Facts facts() {
    ReplicationStatus now = replication.node().status();
    return new Facts(
        now.role() == Role.MASTER,
        now.masterHost(),
        now.masterPort(),
        now.history().replid(),
        now.history().offset(),
        now.epoch(),
        unconfirmed && startedEmpty,
        replication.isLoading());
  }

  private boolean remembers(Allegiance next) {
    try {
      file.write(next);
      held = next;
      return true;
    } catch (IOException e) {
      log.warning("Can't write " + AllegianceFile.NAME + ": " + e.getMessage());
      return false;
    }
  }

  private static long epochOf(Order order) {
    return order instanceof Order.Fence fence ? fence.epoch() : -1;
  }

  /**
   * @param again whether the node was fenced in this epoch already
   */
  private void act(Decision.Action action, Order order, boolean again) {
    String by = order.group() + " epoch=" + held.epoch();
    switch (action) {
      case NONE -> {}
      case FENCE -> {
        log.warning("Fenced by the sentinels of " + by);
        replication.fence();
        if (!again) {
          holdWrites((Order.Fence) order);
        }
      }
      case PROMOTE -> {
        unconfirmed = false;
        replication.promoteByOrder(by, held.epoch());
        pauses.letWritesGo();
      }
      case FOLLOW -> {
        unconfirmed = false;
        boolean demoted = replication.node().status().role() == Role.MASTER;
        replication.followByOrder(held.masterHost(), held.masterPort(), by);
        pauses.letWritesGo();
        if (demoted) {
          engine.dismissClients();
        }
      }
      case CONFIRM -> {
        if (unconfirmed) {
          log.notice("Confirmed as a master by the sentinels of " + by);
        }
        unconfirmed = false;
      }
      case RELEASE -> {
        log.notice("Released by the sentinels of " + order.group());
        unconfirmed = false;
        replication.unfence();
        pauses.letWritesGo();
      }
    }
  }

  /**
   * A repeated fence holds nobody for longer: a leader that repeats it may be repeating for ever.
   */
  private void holdWrites(Order.Fence fence) {
    pauses.letWritesGo();
    if (fence.holdMs() > 0 && replication.node().status().role() == Role.MASTER) {
      pauses.holdWrites(fence.holdMs());
    }
  }

  /**
   * REPLICAOF by hand is obeyed, as in Redis, once it is remembered as an order is. It lifts no
   * fence: somebody may have been named in the epoch that was promised, so whoever is told to
   * follow follows, fenced as before, and nobody becomes a master who takes writes.
   */
  private String takeUpByHand(String host, int port) {
    if (held.fenced() && host.isEmpty()) {
      return managed();
    }
    if (held.isClaimed() && !remembers(held.followingByHand(host, port))) {
      return "ERR the role could not be written to disk";
    }
    unconfirmed = false;
    pauses.letWritesGo();
    return null;
  }

  private String managed() {
    return "MANAGED This node was fenced in epoch "
        + held.epoch()
        + " by its sentinels and takes no writes until they tell it its role:"
        + " see SENTINEL FAILOVER. To take it from them and lose the promise: WATCHWORD RELEASE "
        + held.group()
        + " "
        + held.epoch();
  }
}
