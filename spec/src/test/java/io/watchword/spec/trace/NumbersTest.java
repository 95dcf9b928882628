package io.watchword.spec.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NumbersTest {
  private final Numbers numbers =
      new Numbers(
          List.of(TraceLine.findReplication("here", Lines.wrote("a", 1, 1, 0, 10, 25, 40))));

  @Test
  void shouldNumberTheOffsetsAtWhichUnitsEnd() {
    assertThat(numbers.offset(0)).isZero();
    assertThat(numbers.offset(10)).isEqualTo(1);
    assertThat(numbers.offset(25)).isEqualTo(2);
    assertThat(numbers.offset(40)).isEqualTo(3);
    assertThat(numbers.isExact()).isTrue();
  }

  @Test
  void shouldRoundUpABacklogThatBeginsWithinAUnit() {
    // A replica at 10 asks for 11 and gets it from a backlog that begins at 11, not from one at 12.
    assertThat(numbers.first(11)).isEqualTo(numbers.offset(10) + 1);
    assertThat(numbers.first(12)).isEqualTo(numbers.offset(25) + 1);
  }

  @Test
  void shouldKeepWhatIsNoOffset() {
    assertThat(numbers.first(-1)).isEqualTo(-1);
  }

  @Test
  void shouldNumberReplidsAsTheyAppear() {
    assertThat(numbers.replid("0".repeat(40))).isZero();
    assertThat(numbers.replid("b".repeat(40))).isEqualTo(1);
    assertThat(numbers.replid("a".repeat(40))).isEqualTo(2);
    assertThat(numbers.replid("b".repeat(40))).isEqualTo(1);
  }
}
