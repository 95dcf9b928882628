package io.watchword.sentinel.sim;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** Virtual time: one queue ordered by (time, sequence), and the seed's one source of chance. */
final class Agenda {
  private record Item(long atMs, long sequence, Runnable task) {}

  private final PriorityQueue<Item> queue =
      new PriorityQueue<>(Comparator.comparingLong(Item::atMs).thenComparingLong(Item::sequence));
  private final SplittableRandom chance;
  private long nowMs;
  private long sequence;

  Agenda(long seed) {
    chance = new SplittableRandom(seed);
  }

  long nowMs() {
    return nowMs;
  }

  void after(long delayMs, Runnable task) {
    queue.add(new Item(nowMs + delayMs, sequence++, task));
  }

  void runUntil(long endMs) {
    while (!queue.isEmpty() && queue.peek().atMs() <= endMs) {
      Item next = queue.poll();
      nowMs = next.atMs();
      next.task().run();
    }
    nowMs = endMs;
  }

  boolean happens(double probability) {
    return chance.nextDouble() < probability;
  }

  int below(int bound) {
    return chance.nextInt(bound);
  }

  long between(long from, long to) {
    return chance.nextLong(from, to + 1);
  }
}
