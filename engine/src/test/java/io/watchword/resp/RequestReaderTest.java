package io.watchword.resp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RequestReaderTest {
  @Test
  void shouldReadTheSameRequestsWhereverTheInputIsCut() {
    byte[] input =
        latin(
            "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$12\r\nhello\r\nworld\r\n"
                + "PING  'a b' \"c\\x41\\n\"\r\n"
                + "*0\r\n"
                + "\r\n"
                + "*1\r\n$0\r\n\r\n"
                + "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n");
    List<List<String>> whole = readInPieces(input, input.length);

    assertThat(whole)
        .containsExactly(
            List.of("SET", "k", "hello\r\nworld"),
            List.of("PING", "a b", "cA\n"),
            List.of(),
            List.of(),
            List.of(""),
            List.of("GET", "k"));
    for (int piece = 1; piece < input.length; piece++) {
      assertThat(readInPieces(input, piece)).as("pieces of " + piece).isEqualTo(whole);
    }
  }

  @Test
  void shouldSayWhatIsWrongInRedisWords() {
    assertThat(problem("*a\r\n")).isEqualTo("ERR Protocol error: invalid multibulk length");
    assertThat(problem("*99999999999\r\n"))
        .isEqualTo("ERR Protocol error: invalid multibulk length");
    assertThat(problem("*1\r\nfoo\r\n")).isEqualTo("ERR Protocol error: expected '$', got 'f'");
    assertThat(problem("*1\r\n$-1\r\n")).isEqualTo("ERR Protocol error: invalid bulk length");
    assertThat(problem("*1\r\n$999999999999\r\n"))
        .isEqualTo("ERR Protocol error: invalid bulk length");
    assertThat(problem("SET 'a\r\n")).isEqualTo("ERR Protocol error: unbalanced quotes in request");
    assertThat(problem("x".repeat(70_000))).isEqualTo("ERR Protocol error: too big inline request");
    assertThat(problem("*" + "1".repeat(70_000)))
        .isEqualTo("ERR Protocol error: too big mbulk count string");
    assertThat(problem("*1\r\n$" + "1".repeat(70_000)))
        .isEqualTo("ERR Protocol error: too big bulk count string");
  }

  @Test
  void shouldHoldAnUntrustedPeerToSmallRequests() {
    RequestReader reader = new RequestReader();
    reader.trusted(false);
    byte[] many = latin("*11\r\n");
    assertThat(reader.read(many, 0, many.length)).isEqualTo(RequestReader.Status.BROKEN);
    assertThat(reader.problem()).contains("unauthenticated multibulk length");

    RequestReader other = new RequestReader();
    other.trusted(false);
    byte[] large = latin("*2\r\n$4\r\nAUTH\r\n$16385\r\n");
    assertThat(other.read(large, 0, large.length)).isEqualTo(RequestReader.Status.BROKEN);
    assertThat(other.problem()).contains("unauthenticated bulk length");
  }

  @Test
  void shouldNeverThrowWhateverTheBytes() {
    for (long seed = 0; seed < 3_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] bytes = new byte[random.nextInt(1, 200)];
      String likely = "*$0123456789-\r\n\"'\\xab ";
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] =
            random.nextInt(4) == 0
                ? (byte) random.nextInt(256)
                : (byte) likely.charAt(random.nextInt(likely.length()));
      }
      RequestReader reader = new RequestReader();
      int at = 0;
      RequestReader.Status status = RequestReader.Status.READY;
      while (status == RequestReader.Status.READY && at < bytes.length) {
        status = reader.read(bytes, at, bytes.length);
        if (status == RequestReader.Status.READY) {
          assertThat(reader.scanned()).as("seed " + seed).isPositive();
          at += reader.scanned();
          reader.next();
        }
      }
    }
  }

  private static String problem(String input) {
    RequestReader reader = new RequestReader();
    byte[] b = latin(input);
    assertThat(reader.read(b, 0, b.length)).isEqualTo(RequestReader.Status.BROKEN);
    return reader.problem();
  }

  /**
   * Gives the input in pieces, keeping what is unread at the front of an array, as a session does.
   */
  private static List<List<String>> readInPieces(byte[] input, int piece) {
    RequestReader reader = new RequestReader();
    List<List<String>> requests = new ArrayList<>();
    byte[] held = new byte[0];
    for (int from = 0; from < input.length; from += piece) {
      int length = held.length;
      held = Arrays.copyOf(held, length + Math.min(piece, input.length - from));
      System.arraycopy(input, from, held, length, held.length - length);
      int at = 0;
      while (reader.read(held, at, held.length) == RequestReader.Status.READY) {
        requests.add(words(reader, held));
        at += reader.scanned();
        reader.next();
      }
      held = Arrays.copyOfRange(held, at, held.length);
    }
    return requests;
  }

  private static List<String> words(RequestReader reader, byte[] read) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < reader.argc(); i++) {
      words.add(
          new String(
              reader.source(read),
              reader.offset(i),
              reader.length(i),
              StandardCharsets.ISO_8859_1));
    }
    return words;
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
