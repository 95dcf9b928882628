package io.watchword.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.watchword.resp.Request;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StreamParserTest {
  private final StreamParser parser = new StreamParser(true);

  @Test
  void shouldEndUnitsAtCommandsAndAtExec() {
    byte[] stream = stream("SELECT 0", "SET k v", "MULTI", "SET a 1", "SET b 2", "EXEC", "PING");

    Units units = parser.feed(stream, 0, stream.length);

    long select = stream("SELECT 0").length;
    long set = select + stream("SET k v").length;
    long exec = set + stream("MULTI", "SET a 1", "SET b 2", "EXEC").length;
    assertThat(units.ends()).containsExactly(select, set, exec, stream.length);
    assertThat(units.length()).isEqualTo(stream.length);
  }

  @Test
  void shouldKeepBackATransactionUntilItsExecHasCome() {
    byte[] begun = stream("SET k v", "MULTI", "SET a 1");
    byte[] rest = stream("EXEC");

    Units first = parser.feed(begun, 0, begun.length);
    Units second = parser.feed(rest, 0, rest.length);

    assertThat(first.length()).isEqualTo(stream("SET k v").length);
    assertThat(second.length()).isEqualTo(stream("MULTI", "SET a 1", "EXEC").length);
  }

  @Test
  void shouldForgetABegunUnitWhenTheLinkIsCut() {
    byte[] begun = stream("MULTI", "SET a 1");
    parser.feed(begun, 0, begun.length);
    parser.start(0);
    byte[] again = stream("SET k v");

    Units units = parser.feed(again, 0, again.length);

    assertThat(units.length()).isEqualTo(again.length);
  }

  @Test
  void shouldFindTheSameUnitsHoweverTheStreamIsCut() {
    byte[] stream =
        stream("SELECT 1", "SET k " + "v".repeat(300), "MULTI", "SET a 1", "EXEC", "SET c 3");
    for (long seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      StreamParser pieces = new StreamParser(true);
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      List<Long> ends = new ArrayList<>();
      for (int at = 0; at < stream.length; ) {
        int n = 1 + random.nextInt(Math.min(40, stream.length - at));
        Units units = pieces.feed(stream, at, at + n);
        for (long end : units.ends()) {
          ends.add(whole.size() + end);
        }
        whole.write(units.bytes(), units.from(), units.length());
        at += n;
      }
      assertThat(whole.toByteArray()).as("seed %d", seed).isEqualTo(stream);
      assertThat(ends).as("seed %d", seed).hasSize(4);
    }
  }

  @Test
  void shouldSayWhichDatabaseEachPieceStartsIn() {
    byte[] first = stream("SELECT 3", "SET k v");
    byte[] second = stream("SET k w", "SELECT 5");

    assertThat(parser.feed(first, 0, first.length).dbAfter()).isEqualTo(3);
    Units units = parser.feed(second, 0, second.length);

    assertThat(units.db()).isEqualTo(3);
    assertThat(units.dbAfter()).isEqualTo(5);
  }

  @Test
  void shouldNoticeThatTheMasterAsksForAnOffset() {
    byte[] stream = stream("SET k v", "REPLCONF GETACK *");

    assertThat(parser.feed(stream, 0, stream.length).asksForAck()).isTrue();
  }

  @Test
  void shouldReadTheEpochOfABarrier() {
    byte[] stream = stream("PING", "PING watchword-epoch:7", "PING watchword-epoch:x");

    assertThat(parser.feed(stream, 0, stream.length).epoch()).isEqualTo(7);
  }

  @Test
  void shouldReportWhatIsNoCommand() {
    byte[] stream = stream("SET k v");
    byte[] broken = Arrays.copyOf(stream, stream.length + 3);
    broken[stream.length] = 'x';

    Units units = parser.feed(broken, 0, broken.length);

    assertThat(units.length()).isEqualTo(stream.length);
    assertThat(parser.findProblem()).isEqualTo("byte 120 where a command should start");
  }

  private static byte[] stream(String... commands) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String command : commands) {
      out.writeBytes(Request.encode(command.split(" ")));
    }
    return out.toByteArray();
  }
}
