package io.watchword.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RespConnectionTest {
  private static final String PING = "*1\r\n$4\r\nPING\r\n";

  @Test
  void shouldReadEveryShapeOfAnswer() throws Exception {
    assertThat(answerTo("+OK\r\n")).isEqualTo(new Answer.Status("OK"));
    assertThat(answerTo("-ERR no\r\n")).isEqualTo(new Answer.Failure("ERR no"));
    assertThat(answerTo(":-42\r\n")).isEqualTo(new Answer.Int(-42));
    assertThat(answerTo("$-1\r\n")).isEqualTo(new Answer.Nil());
    assertThat(answerTo("*-1\r\n")).isEqualTo(new Answer.Nil());
    assertThat(answerTo("$5\r\na\r\nbc\r\n").text()).isEqualTo("a\r\nbc".substring(0, 5));
    assertThat(answerTo("*2\r\n:1\r\n*1\r\n+x\r\n"))
        .isEqualTo(
            new Answer.Many(
                List.of(new Answer.Int(1), new Answer.Many(List.of(new Answer.Status("x"))))));
  }

  @Test
  void shouldSayWhatIsWrongWithAnAnswerThatIsNotResp() {
    assertThatThrownBy(() -> answerTo("HTTP/1.1 400 Bad Request\r\n"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("'H'");
    assertThatThrownBy(() -> answerTo(":many\r\n")).hasMessageContaining("'many'");
    assertThatThrownBy(() -> answerTo("$99999999999\r\n")).hasMessageContaining("over the limit");
    assertThatThrownBy(() -> answerTo("$5\r\nab")).hasMessageContaining("inside an answer");
    assertThatThrownBy(() -> answerTo("*1\r\n".repeat(40))).hasMessageContaining("nested deeper");
    assertThatThrownBy(() -> answerTo("x".repeat(70_000))).hasMessageContaining("longer than");
  }

  private static Answer answerTo(String canned) throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<String> asked =
          CompletableFuture.supplyAsync(() -> serve(listener, canned));
      try (RespConnection connection =
          new RespConnection("127.0.0.1", listener.getLocalPort(), 20_000)) {
        return connection.ask("PING");
      } finally {
        assertThat(asked.get()).isEqualTo(PING);
      }
    }
  }

  private static String serve(ServerSocket listener, String canned) {
    try (Socket client = listener.accept()) {
      byte[] request = client.getInputStream().readNBytes(PING.length());
      client.getOutputStream().write(canned.getBytes(StandardCharsets.UTF_8));
      return new String(request, StandardCharsets.UTF_8);
    } catch (IOException failure) {
      return failure.toString();
    }
  }
}
