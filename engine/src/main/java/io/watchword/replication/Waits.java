package io.watchword.replication;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Replies that are held until enough replicas have confirmed an offset: WAIT today, and the place
 * where a mode that acknowledges a write only when it is safe holds its replies.
 */
final class Waits {
  private final List<Held> held = new ArrayList<>();

  /** A reply that waits; what the caller cancels by. */
  static final class Held {
    private final long offset;
    private final int wanted;
    private final long deadlineMs;
    private final WaitAnswer answer;

    private Held(long offset, int wanted, long deadlineMs, WaitAnswer answer) {
      this.offset = offset;
      this.wanted = wanted;
      this.deadlineMs = deadlineMs;
      this.answer = answer;
    }
  }

  /** How many have confirmed {@code offset}. */
  static int confirmed(Collection<Replica> replicas, long offset) {
    int count = 0;
    for (Replica replica : replicas) {
      if (replica.state == Replica.State.ONLINE && replica.acked >= offset) {
        count++;
      }
    }
    return count;
  }

  /**
   * Holds a reply until {@code wanted} replicas have confirmed {@code offset}, or time is up.
   *
   * @param deadlineMs monotonic time, or {@link Long#MAX_VALUE} for no limit
   * @param answer told once, unless it is cancelled
   */
  Held hold(long offset, int wanted, long deadlineMs, WaitAnswer answer) {
    Held one = new Held(offset, wanted, deadlineMs, answer);
    held.add(one);
    return one;
  }

  void cancel(Held one) {
    held.remove(one);
  }

  /** Lets all go: the role changes, and nobody will confirm any more. */
  void releaseAll() {
    List<Held> all = new ArrayList<>(held);
    held.clear();
    all.forEach(one -> one.answer.roleChanged());
  }

  /** Answers those who need wait no longer. */
  void release(Collection<Replica> replicas, long now) {
    if (held.isEmpty()) {
      return;
    }
    List<Runnable> answers = new ArrayList<>();
    held.removeIf(
        one -> {
          int count = confirmed(replicas, one.offset);
          boolean over = count >= one.wanted || now >= one.deadlineMs;
          if (over) {
            answers.add(() -> one.answer.confirmed(count));
          }
          return over;
        });
    answers.forEach(Runnable::run);
  }
}
