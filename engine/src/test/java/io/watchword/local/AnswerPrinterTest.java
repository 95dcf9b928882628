package io.watchword.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The expected texts were printed by redis-cli 7.0.15 for the same answers. */
class AnswerPrinterTest {
  private static final Answer NESTED =
      new Answer.Many(
          List.of(
              bulk("a"),
              new Answer.Many(List.of(new Answer.Int(7), new Answer.Nil())),
              new Answer.Status("OK")));

  @Test
  void shouldTypeAndQuoteForATerminal() {
    assertThat(print(true, bulk("hello"), "get", "k")).isEqualTo("\"hello\"\n");
    assertThat(print(true, new Answer.Int(3), "incr", "n")).isEqualTo("(integer) 3\n");
    assertThat(print(true, new Answer.Nil(), "get", "k")).isEqualTo("(nil)\n");
    assertThat(print(true, new Answer.Status("PONG"), "ping")).isEqualTo("PONG\n");
    assertThat(print(true, new Answer.Failure("ERR no"), "x")).isEqualTo("(error) ERR no\n");
    assertThat(print(true, new Answer.Many(List.of()), "keys")).isEqualTo("(empty array)\n");
  }

  @Test
  void shouldIndentNestedArraysUnderTheirNumber() {
    assertThat(print(true, NESTED, "exec"))
        .isEqualTo("1) \"a\"\n2) 1) (integer) 7\n   2) (nil)\n3) OK\n");
  }

  @Test
  void shouldPrintBareValuesForAPipe() {
    assertThat(print(false, bulk("hello"), "get", "k")).isEqualTo("hello\n");
    assertThat(print(false, new Answer.Nil(), "get", "k")).isEqualTo("\n");
    assertThat(print(false, NESTED, "exec")).isEqualTo("a\n7\n\nOK\n");
    assertThat(print(false, new Answer.Failure("ERR no"), "x")).isEqualTo("ERR no\n\n");
  }

  @Test
  void shouldPrintPagesForPeopleWithoutQuotes() {
    assertThat(print(true, bulk("# Server\r\na:1\r\n"), "INFO")).isEqualTo("# Server\r\na:1\r\n\n");
  }

  @Test
  void shouldEscapeEveryByteThatIsNotPrintable() {
    byte[] bytes = {'"', '\\', '\n', '\r', '\t', 7, '\b', 0, (byte) 0xc3, 'z'};

    assertThat(AnswerPrinter.quoted(bytes)).isEqualTo("\"\\\"\\\\\\n\\r\\t\\a\\b\\x00\\xc3z\"");
  }

  private static Answer bulk(String text) {
    return new Answer.Bulk(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String print(boolean terminal, Answer answer, String... command) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    new AnswerPrinter(out, terminal).print(answer, List.of(command));
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
