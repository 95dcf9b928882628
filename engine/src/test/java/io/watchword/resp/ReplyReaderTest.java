package io.watchword.resp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchword.bytes.Bytes;
import io.watchword.resp.ReplyReader.MalformedReply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplyReaderTest {
  @Test
  void shouldReadWhatTheWriterWritesWhereverItIsCut() throws MalformedReply {
    RespWriter w = new RespWriter(16).protocol(3);
    w.ok();
    w.error("ERR broken\r\nline");
    w.integer(-42);
    w.map(1);
    w.bulk("key");
    w.array(2);
    w.nil();
    w.fraction("1.5");
    w.verbatim("text");
    w.bool(true);
    List<Reply> whole = readInPieces(w, w.size());

    assertThat(whole)
        .containsExactly(
            new Reply.Simple("OK"),
            new Reply.Failure("ERR broken  line"),
            new Reply.Int(-42),
            new Reply.Many(
                List.of(
                    new Reply.Bulk(Bytes.of("key")),
                    new Reply.Many(List.of(new Reply.Nil(), new Reply.Scalar(',', "1.5"))))),
            new Reply.Bulk(Bytes.of("text")),
            new Reply.Scalar('#', "t"));
    for (int piece = 1; piece < w.size(); piece++) {
      assertThat(readInPieces(w, piece)).isEqualTo(whole);
    }
  }

  @Test
  void shouldRefuseWhatIsNoReplyAndWhatIsTooMuch() {
    assertThatThrownBy(() -> read("HTTP/1.1 200 OK\r\n")).isInstanceOf(MalformedReply.class);
    assertThatThrownBy(() -> read("$999999\r\n")).isInstanceOf(MalformedReply.class);
    assertThatThrownBy(() -> read("*9999999\r\n")).isInstanceOf(MalformedReply.class);
    assertThatThrownBy(() -> read(":12x\r\n")).isInstanceOf(MalformedReply.class);
    assertThatThrownBy(() -> read("*1\r\n".repeat(100))).isInstanceOf(MalformedReply.class);
    assertThatThrownBy(() -> read("+" + "x".repeat(2_000))).isInstanceOf(MalformedReply.class);
  }

  @Test
  void shouldGiveBackTheBytesAfterTheLastReply() throws MalformedReply {
    ReplyReader reader = new ReplyReader(1_000);
    byte[] b = "+FULLRESYNC\r\nREDIS0010".getBytes(StandardCharsets.US_ASCII);
    reader.feed(b, 0, b.length);

    assertThat(reader.findNext()).isEqualTo(new Reply.Simple("FULLRESYNC"));
    assertThat(reader.rest()).isEqualTo("REDIS0010".getBytes(StandardCharsets.US_ASCII));
  }

  private static Reply read(String text) throws MalformedReply {
    ReplyReader reader = new ReplyReader(1_000);
    byte[] b = text.getBytes(StandardCharsets.US_ASCII);
    reader.feed(b, 0, b.length);
    return reader.findNext();
  }

  private static List<Reply> readInPieces(RespWriter w, int piece) throws MalformedReply {
    ReplyReader reader = new ReplyReader(1_000);
    List<Reply> replies = new ArrayList<>();
    for (int from = 0; from < w.size(); from += piece) {
      reader.feed(w.array(), from, Math.min(from + piece, w.size()));
      for (Reply reply = reader.findNext(); reply != null; reply = reader.findNext()) {
        replies.add(reply);
      }
    }
    return replies;
  }
}
