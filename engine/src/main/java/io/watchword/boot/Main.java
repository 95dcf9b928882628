package io.watchword.boot;

import io.watchword.command.Gate;
import io.watchword.command.Journal;
import io.watchword.keyspace.Keyspace;
import io.watchword.net.NettyLoop;
import io.watchword.net.RespServer;
import io.watchword.os.SystemClock;
import io.watchword.server.CommandIndex;
import io.watchword.server.Engine;
import java.security.SecureRandom;
import java.util.SplittableRandom;

/** The data server's entry. */
public final class Main {
  private Main() {}

  public static void main(String[] args) throws Exception {
    int port = 6379;
    for (int i = 0; i + 1 < args.length; i++) {
      if (args[i].equals("--port")) {
        port = Integer.parseInt(args[i + 1]);
      }
    }
    SecureRandom secret = new SecureRandom();
    Keyspace keyspace =
        new Keyspace(
            16, Runtime.getRuntime().maxMemory() / 10 * 9, secret.nextLong(), secret.nextLong());
    Gate.State open =
        new Gate.State() {
          @Override
          public boolean authRequired() {
            return false;
          }

          @Override
          public String findMisconf() {
            return null;
          }

          @Override
          public String findWriteRefusal() {
            return null;
          }

          @Override
          public boolean isStale() {
            return false;
          }

          @Override
          public boolean isLoading() {
            return false;
          }
        };
    Journal nobody =
        new Journal() {
          @Override
          public boolean wanted() {
            return false;
          }

          @Override
          public int database() {
            return -1;
          }

          @Override
          public void append(byte[] bytes, int from, int to, int database) {}
        };
    Engine engine =
        new Engine(
            new SystemClock(),
            keyspace,
            CommandIndex.table(),
            open,
            nobody,
            new SplittableRandom(secret.nextLong()));
    NettyLoop loop = new NettyLoop("command");
    RespServer.listen(loop, "127.0.0.1", port, 511, 300, engine, System.err::println);
    Thread.currentThread().join();
  }
}
