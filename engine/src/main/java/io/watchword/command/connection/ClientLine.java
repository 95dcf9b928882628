package io.watchword.command.connection;

import io.watchword.command.Client;

/** One client as CLIENT LIST and CLIENT INFO print it, the fields and their order Redis 7.2's. */
final class ClientLine {
  private ClientLine() {}

  static String of(Client client, long nowMs) {
    StringBuilder line = new StringBuilder(320);
    line.append("id=").append(client.id);
    field(line, "addr", client.peer.remote());
    field(line, "laddr", client.peer.local());
    // The JVM does not tell the number of a socket's descriptor.
    field(line, "fd", "-1");
    field(line, "name", client.name);
    field(line, "age", (nowMs - client.createdAtMs) / 1000);
    field(line, "idle", (nowMs - client.lastAskedAtMs) / 1000);
    field(line, "flags", flags(client));
    field(line, "db", client.database);
    field(line, "sub", client.subscriptions - client.patterns);
    field(line, "psub", client.patterns);
    field(line, "ssub", 0);
    field(line, "multi", client.queue == null ? -1 : client.queue.size());
    field(line, "qbuf", client.heldBytes);
    field(line, "qbuf-free", 0);
    field(line, "argv-mem", 0);
    field(line, "multi-mem", multiBytes(client));
    field(line, "rbs", client.out.array().length);
    field(line, "rbp", client.out.array().length);
    field(line, "obl", client.out.size());
    field(line, "oll", 0);
    field(line, "omem", client.peer.pendingBytes());
    field(line, "tot-mem", totalBytes(client));
    field(line, "events", client.peer.pendingBytes() > 0 ? "rw" : "r");
    field(line, "cmd", client.lastCommand);
    field(line, "user", client.user);
    field(line, "redir", -1);
    field(line, "resp", client.out.protocol());
    field(line, "lib-name", client.libName);
    field(line, "lib-ver", client.libVersion);
    return line.append('\n').toString();
  }

  private static void field(StringBuilder line, String name, Object value) {
    line.append(' ').append(name).append('=').append(value);
  }

  private static String flags(Client client) {
    StringBuilder flags = new StringBuilder();
    if (client.kind == Client.Kind.REPLICA) {
      flags.append('S');
    }
    if (client.kind == Client.Kind.MASTER) {
      flags.append('M');
    }
    if (client.subscriptions > 0) {
      flags.append('P');
    }
    if (client.queue != null) {
      flags.append('x');
    }
    if (client.closing) {
      flags.append('c');
    }
    if (client.watchBroken) {
      flags.append('d');
    }
    return flags.length() == 0 ? "N" : flags.toString();
  }

  private static long multiBytes(Client client) {
    long bytes = 0;
    if (client.queue != null) {
      for (Client.Queued queued : client.queue) {
        bytes += queued.bytes().length;
      }
    }
    return bytes;
  }

  private static long totalBytes(Client client) {
    long buffers = client.out.array().length + (long) client.heldBytes;
    return buffers + multiBytes(client) + client.peer.pendingBytes();
  }
}
