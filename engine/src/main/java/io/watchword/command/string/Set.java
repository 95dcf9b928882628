package io.watchword.command.string;

import io.watchword.bytes.Bytes;
import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
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
              .keys(KeySpec.at(1, "RW", "access", "update"))
              .args(
                  Arg.key("key"),
                  Arg.string("value"),
                  Arg.opt(Arg.oneOf("condition", Arg.word("NX"), Arg.word("XX"))),
                  Arg.opt(Arg.word("GET")),
                  Arg.opt(Lifetime.ARGS_WITH_KEEPTTL))
              .runs(Set::set));

  private Set() {}

  private static Outcome set(Call call) {
    if (call.argc() == 3) {
      store(call, Entries.NO_DEADLINE);
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
        i = lifetime.read(call, i, true);
      }
    }
    return store(call, get, nx, xx, lifetime);
  }

  private static Outcome store(Call call, boolean get, boolean nx, boolean xx, Lifetime lifetime) {
    long deadline = lifetime.deadline(call);
    long ref = call.find(1);
    boolean exists = ref != Database.NONE;
    if (get) {
      replyOld(call, ref);
    }
    if ((nx && exists) || (xx && !exists)) {
      if (!get) {
        call.reply().nil();
      }
      return Outcome.UNCHANGED;
    }
    if (lifetime.keeps() && exists) {
      deadline = call.entries().deadline(ref);
    }
    if (!get) {
      call.reply().ok();
    }
    if (lifetime.isPast(call, deadline)) {
      // A lifetime that is over before it began leaves nothing, on replicas too.
      call.delete(1);
      call.tell().command(call.db().index(), "DEL", call.copy(1));
      return exists ? Outcome.REWRITTEN : Outcome.UNCHANGED;
    }
    store(call, deadline);
    return tell(call, get, lifetime, deadline);
  }

  private static void replyOld(Call call, long ref) {
    if (ref == Database.NONE) {
      call.reply().nil();
    } else if (!call.entries().isString(ref)) {
      throw CommandError.WRONG_TYPE;
    } else {
      call.replyString(ref);
    }
  }

  /** A lifetime becomes an absolute one: only that means the same on a replica's clock. */
  private static Outcome tell(Call call, boolean get, Lifetime lifetime, long deadline) {
    if (!lifetime.isGiven()) {
      return Outcome.CHANGED;
    }
    Bytes key = call.copy(1);
    Bytes value = call.copy(2);
    int database = call.db().index();
    if (get || !lifetime.isAbsoluteMillis()) {
      call.tell().command(database, "SET", key, value, "PXAT", deadline);
      return Outcome.REWRITTEN;
    }
    return Outcome.CHANGED;
  }

  private static void store(Call call, long deadline) {
    call.db()
        .set(
            call.bytes(),
            call.at(1),
            call.length(1),
            call.hash(1),
            call.bytes(),
            call.at(2),
            call.length(2),
            deadline,
            Entries.AS_SET);
  }
}
