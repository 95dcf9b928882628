package io.watchword.replication;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The first words on a link: PING, the password, and what the master should know of this replica.
 * All after the PONG is said at once; a master that does not understand a part is followed all the
 * same. A part of {@link ReplicaLink}.
 */
final class Greeting {
  /** What a reply that is awaited answers. */
  private enum Awaited {
    PONG("PING"),
    AUTH("AUTH"),
    PORT("REPLCONF listening-port"),
    IP("REPLCONF ip-address"),
    CAPA("REPLCONF capa");

    private final String words;

    Awaited(String words) {
      this.words = words;
    }
  }

  /** Says a command to the master. */
  interface Mouth {
    void say(String... words);
  }

  private final Supplier<LinkSettings> settings;
  private final Mouth mouth;
  private final Consumer<String> notices;
  private final ArrayDeque<Awaited> awaited = new ArrayDeque<>();

  /** Begins at once. */
  Greeting(Supplier<LinkSettings> settings, Mouth mouth, Consumer<String> notices) {
    this.settings = settings;
    this.mouth = mouth;
    this.notices = notices;
    say(Awaited.PONG, "PING");
  }

  /** Whether all was answered. */
  boolean isOver() {
    return awaited.isEmpty();
  }

  /** Takes the next reply; why this master cannot be followed, or null. */
  String findProblem(String reply) {
    boolean refused = reply.startsWith("-");
    Awaited answered = awaited.remove();
    if (answered == Awaited.PONG) {
      return findProblemOfPong(reply);
    }
    if (refused && answered == Awaited.AUTH) {
      return "Unable to AUTH to MASTER: " + reply;
    }
    if (refused) {
      notices.accept("(Non critical) Master does not understand " + answered.words + ": " + reply);
    }
    return null;
  }

  private String findProblemOfPong(String reply) {
    boolean mayGoOn =
        reply.startsWith("+")
            || reply.startsWith("-NOAUTH")
            || reply.startsWith("-NOPERM")
            || reply.startsWith("-ERR operation not permitted");
    if (!mayGoOn) {
      return "Error reply to PING from master: '" + reply + "'";
    }
    notices.accept("Master replied to PING, replication can continue...");
    LinkSettings ours = settings.get();
    if (!ours.password().isEmpty()) {
      say(Awaited.AUTH, "AUTH", ours.password());
    }
    say(Awaited.PORT, "REPLCONF", "listening-port", Integer.toString(ours.listeningPort()));
    if (!ours.announceIp().isEmpty()) {
      say(Awaited.IP, "REPLCONF", "ip-address", ours.announceIp());
    }
    say(Awaited.CAPA, "REPLCONF", "capa", "eof", "capa", "psync2", "capa", "watchword");
    return null;
  }

  private void say(Awaited answer, String... words) {
    mouth.say(words);
    awaited.add(answer);
  }
}
