package io.watchword.command;

/**
 * What stands between a request and its body, in Redis's order: authentication, memory, disk, role,
 * subscription, staleness, loading. Rules of one concern are given by whoever knows it ({@link
 * State}); this class only orders them.
 */
public final class Gate {
  /** What the rules ask of the server; the answers may change between any two commands. */
  public interface State {
    /** Whether clients must authenticate ({@code requirepass}). */
    boolean authRequired();

    /** The error of a write that must not be taken now because the last save failed, or null. */
    String findMisconf();

    /**
     * The error of a write by a client: read-only replica, fenced master, too few replicas; or
     * null.
     */
    String findWriteRefusal();

    /** Whether this is a replica whose link is down and that must not answer from old data. */
    boolean isStale();

    /** Whether the data set is being loaded. */
    boolean isLoading();
  }

  private static final String NOAUTH = "NOAUTH Authentication required.";
  private static final String LOADING = "LOADING Redis is loading the dataset in memory";
  private static final String MASTERDOWN =
      "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.";

  private final State state;

  Gate(State state) {
    this.state = state;
  }

  /** The error that keeps the command from running, or null. */
  String findRefusal(Client client, Command command, boolean hasRoom) {
    if (client.kind == Client.Kind.MASTER) {
      return null;
    }
    if (!client.authenticated && state.authRequired() && !command.has(Flag.NO_AUTH)) {
      return NOAUTH;
    }
    if (command.growsMemory() && !hasRoom) {
      return CommandError.OUT_OF_MEMORY.getMessage();
    }
    if (command.writes()) {
      String refusal = state.findMisconf();
      refusal = refusal != null ? refusal : state.findWriteRefusal();
      if (refusal != null) {
        return refusal;
      }
    }
    if (client.subscriptions > 0 && client.out.protocol() == 2 && !whileSubscribed(command)) {
      return "ERR Can't execute '"
          + command.fullWord()
          + "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this"
          + " context";
    }
    if (state.isStale() && !command.has(Flag.STALE)) {
      return MASTERDOWN;
    }
    if (state.isLoading() && !command.has(Flag.LOADING)) {
      return LOADING;
    }
    return null;
  }

  private static boolean whileSubscribed(Command command) {
    return switch (command.name()) {
      case "SUBSCRIBE",
          "UNSUBSCRIBE",
          "PSUBSCRIBE",
          "PUNSUBSCRIBE",
          "SSUBSCRIBE",
          "SUNSUBSCRIBE",
          "PING",
          "QUIT",
          "RESET" ->
          true;
      default -> false;
    };
  }
}
