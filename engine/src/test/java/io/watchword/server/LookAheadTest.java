package io.watchword.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LookAheadTest {
  private static final int KEYS = 2 * LookAhead.KEYS_MIN;
  private static final String[] WORDS = {
    "GET", "SET", "INCR", "DEL", "APPEND", "ECHO", "GET", "GET"
  };

  private final TestEngine server = new TestEngine();
  private final TestConnection client = server.connect();

  @BeforeEach
  void populate() {
    client.ask("DEBUG", "POPULATE", Integer.toString(KEYS));
  }

  @Test
  void shouldLookAtABatchAndSayWhereItEnds() {
    String each = "*2\r\n$3\r\nGET\r\n$5\r\nkey:1\r\n";
    byte[] all = bytes(each.repeat(20));
    assertThat(look(all, 0, 0)).isEqualTo(LookAhead.REQUESTS * each.length());
    assertThat(look(all, LookAhead.REQUESTS * each.length(), 0)).isEqualTo(all.length);
  }

  @Test
  void shouldLookNoFurtherThanWhatIsWholeAndWellFormed() {
    String whole = "*2\r\n$3\r\nGET\r\n$5\r\nkey:1\r\n";
    for (String rest :
        new String[] {"GET key:2\r\n", "*2\r\n$3\r\nGET", "*2\r\n!bad\r\n", "*0\r\n"}) {
      byte[] all = bytes(whole + whole + rest);
      assertThat(look(all, 0, 0)).isEqualTo(all.length);
    }
  }

  @Test
  void shouldNotLookIntoASmallDatabase() {
    byte[] all = bytes("*2\r\n$3\r\nGET\r\n$5\r\nkey:1\r\n".repeat(20));
    assertThat(look(all, 0, 1)).isEqualTo(all.length);
  }

  /** The pipeline is answered as its requests are when each comes alone. */
  @Test
  void shouldChangeNothingThatAClientSees() {
    for (long seed = 1; seed <= 20; seed++) {
      TestConnection alone = new TestEngine().connect();
      alone.ask("DEBUG", "POPULATE", Integer.toString(KEYS));
      TestConnection together = new TestEngine().connect();
      together.ask("DEBUG", "POPULATE", Integer.toString(KEYS));
      StringBuilder pipeline = new StringBuilder();
      StringBuilder expected = new StringBuilder();
      SplittableRandom random = new SplittableRandom(seed);
      for (int i = 0; i < 100; i++) {
        String request = request(random);
        pipeline.append(request);
        expected.append(alone.send(request));
      }
      assertThat(together.send(pipeline.toString()))
          .as("seed " + seed)
          .isEqualTo(expected.toString());
    }
  }

  private static String request(SplittableRandom random) {
    String word = WORDS[random.nextInt(WORDS.length)];
    String key = "key:" + random.nextInt(KEYS + 10);
    if (random.nextInt(50) == 0) {
      return random.nextBoolean() ? "GET " + key + "\r\n" : "*1\r\n$4\r\nPING\r\n";
    }
    boolean valued = word.equals("SET") || word.equals("APPEND");
    return valued
        ? new String(
            TestEngine.request(word, key, "x".repeat(random.nextInt(300))),
            StandardCharsets.ISO_8859_1)
        : new String(TestEngine.request(word, key), StandardCharsets.ISO_8859_1);
  }

  private int look(byte[] data, int from, int database) {
    return server.engine().lookAhead().look(data, from, data.length, database);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
