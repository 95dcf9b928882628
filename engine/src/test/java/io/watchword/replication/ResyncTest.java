package io.watchword.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResyncTest {
  private static final String OURS = "a".repeat(40);
  private static final String PREVIOUS = "b".repeat(40);
  private static final History HISTORY = new History(OURS, PREVIOUS, 500, 1000);
  private static final long BACKLOG_FIRST = 400;

  @ParameterizedTest
  @CsvSource({
    "a, 1001, continue, nothing is missing",
    "a, 400, continue, the first byte that is left",
    "a, 399, full, one byte is gone",
    "a, 1002, full, it is ahead of us",
    "b, 500, continue, it stopped where we were promoted",
    "b, 501, full, it went on with the old master",
    "b, 399, full, the old name but too old",
    "c, 1001, full, the same offset of another history",
    "0, 500, full, the name of nothing is no name",
  })
  void shouldDecide(String idLetter, long from, String verdict, String because) {
    Resync answer = Resync.decide(HISTORY, BACKLOG_FIRST, idLetter.repeat(40), from);

    assertThat(answer instanceof Resync.Continue).as(because).isEqualTo(verdict.equals("continue"));
  }

  @Test
  void shouldNotTakeTheNameOfNothingForAPreviousName() {
    History neverPromoted = new History(OURS, History.NONE, -1, 1000);

    assertThat(Resync.decide(neverPromoted, 1, History.NONE, 5)).isInstanceOf(Resync.Full.class);
  }

  @Test
  void shouldGiveTheReasonInRedissWords() {
    Resync answer = Resync.decide(HISTORY, BACKLOG_FIRST, PREVIOUS, 501);

    assertThat(((Resync.Full) answer).because())
        .isEqualTo(
            "Partial resynchronization not accepted: Requested offset for second ID was 501, but"
                + " I can reply up to 500");
  }
}
