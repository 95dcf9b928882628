package io.watchword.command.string;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.Group;
import io.watchword.command.KeySpec;
import io.watchword.command.Outcome;
import io.watchword.keyspace.Database;
import io.watchword.keyspace.Entries;
import java.util.List;

/** SET with its options. */
public final class Set {
  public static final List<Command> COMMANDS =
      List.of(
          Command.write("SET", -3)
              .grows()
              .in(Group.STRING, "1.0.0")
              .says("Makes a key hold a string, whatever it held before.")
              .costs("O(1)")
              .keys(KeySpec.at(1, "RW", "access", "update", "variable_flags"))
              .args(
                  Arg.key("key"),
                  Arg.string("value"),
                  Arg.opt(Arg.oneOf("condition", Arg.word("NX"), Arg.word("XX"))),
                  Arg.opt(Arg.word("GET")),
                  Arg.opt(Lifetime.args("KEEPTTL")))
              .runs(Set::set));

  private Set() {}

  private static Outcome set(Call call) {
    if (call.argc() == 3) {
      call.set(1, 2, Entries.NO_DEADLINE);
      call.reply().ok();
      return Outcome.CHANGED;
    }
    return setWithOptions(call);
  }

  private static Outcome setWithOptions(Call call) {
    boolean get = false;
    boolean nx = false;
    boolean xx = false;
    Lifetime lifetime = new Lifetime();
    for (int i = 3; i < call.argc(); i++) {
      if (call.is(i, "NX") && !xx) {
        nx = true;
      } else if (call.is(i, "XX") && !nx) {
        xx = true;
      } else if (call.is(i, "GET")) {
        get = true;
      } else {
        i = lifetime.read(call, i, Lifetime.Kind.KEEPTTL);
      }
    }
    return set(call, get, nx, xx, lifetime);
  }

  private static Outcome set(Call call, boolean get, boolean nx, boolean xx, Lifetime lifetime) {
    long deadline = lifetime.deadline(call);
    long ref = get ? call.lookString(1) : call.find(1);
    boolean exists = ref != Database.NONE;
    boolean refused = (nx && exists) || (xx && !exists);
    if (get && exists) {
      call.replyString(ref);
    } else if (get || refused) {
      call.reply().nil();
    } else {
      call.reply().ok();
    }
    if (refused) {
      return Outcome.UNCHANGED;
    }
    if (lifetime.isGiven() && Lifetime.isPast(call, deadline)) {
      // A lifetime that is over before it began leaves nothing, on replicas too.
      return goneAtOnce(call, exists);
    }
    boolean keeps = lifetime.kind() == Lifetime.Kind.KEEPTTL;
    call.set(1, 2, keeps && exists ? call.entries().deadline(ref) : deadline);
    return tell(call, get, lifetime, deadline);
  }

  /** For who watches the key, and who counts, it was there and has expired, as in Redis. */
  private static Outcome goneAtOnce(Call call, boolean existed) {
    call.set(1, 2, Entries.NO_DEADLINE);
    call.delete(1);
    call.stats().expiredKeys++;
    return existed ? Told.delete(call, 1) : Outcome.UNCHANGED;
  }

  /**
   * A lifetime becomes an absolute one, for only that means the same on a replica's clock, and GET
   * is left out, for a replica that is older than it.
   */
  private static Outcome tell(Call call, boolean get, Lifetime lifetime, long deadline) {
    if (lifetime.isGiven()) {
      boolean meansTheSameThere = lifetime.kind() == Lifetime.Kind.PXAT && !get;
      return meansTheSameThere ? Outcome.CHANGED : Told.set(call, 1, 2, deadline);
    }
    if (!get) {
      return Outcome.CHANGED;
    }
    return lifetime.kind() == Lifetime.Kind.KEEPTTL
        ? Told.setKeeping(call, 1, 2)
        : Told.set(call, 1, 2);
  }
}
