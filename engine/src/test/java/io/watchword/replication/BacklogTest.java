package io.watchword.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BacklogTest {
  private final Backlog backlog = new Backlog();

  @Test
  void shouldReturnEveryByteAtItsOffset() {
    long seed = 7;
    SplittableRandom random = new SplittableRandom(seed);
    backlog.start(1_000_001);
    long kept = 0;
    for (int round = 0; round < 2_000; round++) {
      byte[] piece = new byte[random.nextInt(3 * Backlog.BLOCK_BYTES / 2)];
      for (int i = 0; i < piece.length; i++) {
        piece[i] = byteAt(backlog.next() + i);
      }
      backlog.append(piece, 0, piece.length);
      if (random.nextInt(3) == 0) {
        backlog.trim(backlog.next() - random.nextInt(5 * Backlog.BLOCK_BYTES));
      }
      kept = Math.max(kept, backlog.length());
      checkSome(random);
    }
    assertThat(kept).isPositive();
  }

  private void checkSome(SplittableRandom random) {
    for (int i = 0; i < 5 && backlog.length() > 0; i++) {
      long offset = backlog.first() + random.nextLong(backlog.length());
      assertThat(backlog.block(offset)[backlog.index(offset)])
          .as("offset %d", offset)
          .isEqualTo(byteAt(offset));
      int run = backlog.run(offset, backlog.next() - 1);
      assertThat(backlog.index(offset) + run).isLessThanOrEqualTo(Backlog.BLOCK_BYTES);
    }
  }

  private static byte byteAt(long offset) {
    return (byte) (offset * 31 >>> 3);
  }

  @Test
  void shouldHandOutTheSameBlockToEveryReader() {
    backlog.start(1);
    backlog.append(new byte[100], 0, 100);

    assertThat(backlog.block(1)).isSameAs(backlog.block(100));
  }

  @Test
  void shouldRefuseBytesThatItLetGo() {
    backlog.start(1);
    backlog.append(new byte[100], 0, 100);
    backlog.trim(51);

    assertThat(backlog.first()).isEqualTo(51);
    assertThatThrownBy(() -> backlog.block(50)).hasMessageContaining("not in the backlog");
  }

  @Test
  void shouldHoldNoMoreThanWasAppended() {
    backlog.start(1);
    backlog.append(new byte[10], 0, 10);
    backlog.trim(1_000);

    assertThat(backlog.length()).isZero();
    assertThat(backlog.first()).isEqualTo(11);
  }
}
