package io.watchword.local;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds out, before anything starts, whether a port is taken and by whom it seems to be. */
final class Ports {
  private static final int ANSWER_MS_MAX = 500;

  private Ports() {}

  /** One sentence for each port that is taken. */
  static List<String> taken(List<Integer> ports) {
    List<String> sentences = new ArrayList<>();
    for (int port : ports) {
      if (!isFree(port)) {
        sentences.add("port " + port + " is taken by " + holder(port));
      }
    }
    return sentences;
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(Node.HOST, port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  private static String holder(int port) {
    try (RespConnection connection = new RespConnection(Node.HOST, port, ANSWER_MS_MAX)) {
      Answer answer = connection.ask("INFO", "server");
      if (answer instanceof Answer.Failure failure) {
        return "a RESP server that answers '" + failure.text() + "'";
      }
      Map<String, String> info = Probe.fields(answer.text());
      String name =
          info.containsKey("watchword_version")
              ? "Watchword " + info.get("watchword_version")
              : "Redis " + info.getOrDefault("redis_version", "of unknown version");
      return name + " with pid " + info.getOrDefault("process_id", "unknown");
    } catch (IOException notRedis) {
      return "a program that does not speak RESP";
    }
  }
}
