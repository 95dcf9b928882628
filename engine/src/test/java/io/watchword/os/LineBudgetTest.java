package io.watchword.os;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LineBudgetTest {
  @Test
  void shouldDropLinesBeyondTheBudgetOfASecondAndCountThem() {
    LineBudget budget = new LineBudget(2);
    assertThat(budget.take(1_000)).isTrue();
    assertThat(budget.take(1_400)).isTrue();
    assertThat(budget.take(1_900)).isFalse();
    assertThat(budget.take(1_999)).isFalse();
    assertThat(budget.take(2_000)).isTrue();
    assertThat(budget.takeDropped()).isEqualTo(2);
    assertThat(budget.takeDropped()).isZero();
  }
}
