package io.watchword.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PagesTest {
  private record Block(long ref, int bytes, byte mark) {}

  @Test
  void shouldNeverLetTwoBlocksOverlap() {
    for (long seed = 1; seed <= 6; seed++) {
      churn(seed, new Pages(64 << 20));
    }
  }

  /** Allocates, frees and refills; each block is full of its own mark and must keep it. */
  private static void churn(long seed, Pages pages) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Block> live = new ArrayList<>();
    for (int i = 0; i < 30_000; i++) {
      boolean shrinking = i / 5_000 % 2 == 1;
      if (live.isEmpty() || random.nextInt(10) < (shrinking ? 3 : 6)) {
        int bytes = size(random);
        byte mark = (byte) random.nextInt();
        long ref = pages.allocate(bytes);
        Arrays.fill(pages.page(ref), Pages.at(ref), Pages.at(ref) + bytes, mark);
        live.add(new Block(ref, bytes, mark));
      } else {
        int last = live.size() - 1;
        int victim = random.nextInt(live.size());
        Block block = live.set(victim, live.get(last));
        live.remove(last);
        check(pages, block, seed);
        pages.free(block.ref(), block.bytes());
      }
    }
    live.forEach(block -> check(pages, block, seed));
    live.forEach(block -> pages.free(block.ref(), block.bytes()));
    assertThat(pages.usedBytes()).as("seed %d", seed).isZero();
  }

  private static int size(SplittableRandom random) {
    return switch (random.nextInt(20)) {
      case 0 -> 1 + random.nextInt(Pages.BLOCK_BYTES_MAX);
      case 1 -> Pages.BLOCK_BYTES_MAX;
      case 2, 3 -> 1 + random.nextInt(4_000);
      default -> 1 + random.nextInt(200);
    };
  }

  private static void check(Pages pages, Block block, long seed) {
    byte[] page = pages.page(block.ref());
    int at = Pages.at(block.ref());
    for (int i = at; i < at + block.bytes(); i++) {
      if (page[i] != block.mark()) {
        throw new AssertionError("seed " + seed + ": byte " + (i - at) + " of " + block);
      }
    }
  }

  @Test
  void shouldHoldEverySizeInItsClass() {
    for (int bytes = 1; bytes <= Pages.BLOCK_BYTES_MAX; bytes++) {
      int sizeClass = SizeClasses.of(bytes);
      assertThat(SizeClasses.bytes(sizeClass)).isGreaterThanOrEqualTo(bytes);
      assertThat(sizeClass).isLessThan(SizeClasses.COUNT);
      if (bytes > SizeClasses.BLOCK_BYTES_MIN) {
        assertThat(SizeClasses.bytes(sizeClass - 1)).isLessThan(bytes);
        assertThat(SizeClasses.bytes(SizeClasses.within(bytes))).isLessThanOrEqualTo(bytes);
      }
    }
  }

  @Test
  void shouldRefuseWithoutHarmWhenTheLimitIsReached() {
    Pages pages = new Pages(2 << 20);
    List<Long> refs = new ArrayList<>();
    assertThatThrownBy(
            () -> {
              while (true) {
                refs.add(pages.allocate(1000));
              }
            })
        .isInstanceOf(PagesFull.class);
    assertThat(pages.reservedBytes()).isEqualTo(2 << 20);
    pages.free(refs.get(0), 1000);
    assertThat(pages.allocate(1000)).isEqualTo(refs.get(0));
  }

  @Test
  void shouldCutUpALargerFreeBlockRatherThanRefuse() {
    Pages pages = new Pages(1 << 20);
    List<Long> refs = new ArrayList<>();
    assertThatThrownBy(
            () -> {
              while (true) {
                refs.add(pages.allocate(60_000));
              }
            })
        .isInstanceOf(PagesFull.class);
    assertThatThrownBy(
            () -> {
              while (true) {
                pages.allocate(500);
              }
            })
        .isInstanceOf(PagesFull.class);
    pages.free(refs.get(0), 60_000);
    assertThat(pages.allocate(500)).isEqualTo(refs.get(0));
  }

  @Test
  void shouldCountMemoryOutsideAgainstTheLimit() {
    Pages pages = new Pages(4 << 20);
    pages.allocate(8);
    pages.claim(3 << 20);
    assertThatThrownBy(() -> pages.claim(1)).isInstanceOf(PagesFull.class);
    pages.unclaim(3 << 20);
    pages.claim(1);
  }
}
