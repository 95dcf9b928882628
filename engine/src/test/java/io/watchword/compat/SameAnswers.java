package io.watchword.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.server.TestConnection;
import io.watchword.server.TestEngine;
import java.util.List;
import java.util.function.UnaryOperator;

/** One client of each of the two servers, who say the same and compare what they hear. */
final class SameAnswers {
  private final RawClient theirs;
  private final TestConnection ours;

  SameAnswers(RawClient theirs, TestEngine server) {
    this.theirs = theirs;
    this.ours = server.connect();
  }

  /** Sends one command, its words parted by blanks, and expects the same bytes. */
  SameAnswers line(String words) {
    return ask(words.split(" "));
  }

  /** Sends one command and expects the same bytes. */
  SameAnswers ask(String... argv) {
    return ask(UnaryOperator.identity(), argv);
  }

  /** Sends one command and expects the same after {@code blur} took out what may differ. */
  SameAnswers ask(UnaryOperator<String> blur, String... argv) {
    String expected = blur.apply(theirs.ask(argv));
    String got = blur.apply(ours.ask(argv));
    assertThat(got).as("reply to %s", List.of(argv)).isEqualTo(expected);
    return this;
  }

  /** Sends one command that is answered with {@code replies} replies. */
  SameAnswers askFor(int replies, String... argv) {
    theirs.send(RawClient.request(argv));
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < replies; i++) {
      expected.append(theirs.reply());
    }
    assertThat(ours.ask(argv)).as("replies to %s", List.of(argv)).isEqualTo(expected.toString());
    return this;
  }
}
