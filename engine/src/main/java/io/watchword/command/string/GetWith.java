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

/** GETDEL and GETEX: GET, and then the key goes or its lifetime changes. */
public final class GetWith {
  public static final List<Command> COMMANDS =
      List.of(
          Command.write("GETDEL", 2)
              .fast()
              .in(Group.STRING, "6.2.0")
              .says("Answers the string that a key holds and deletes the key.")
              .costs("O(1)")
              .keys(KeySpec.at(1, "RW", "access", "delete"))
              .args(Arg.key("key"))
              .runs(GetWith::getDel),
          Command.write("GETEX", -2)
              .fast()
              .in(Group.STRING, "6.2.0")
              .says("Answers the string that a key holds and gives the key another lifetime.")
              .costs("O(1)")
              .keys(KeySpec.at(1, "RW", "access", "update"))
              .args(Arg.key("key"), Arg.opt(Lifetime.args("PERSIST")))
              .runs(GetWith::getEx));

  private GetWith() {}

  private static Outcome getDel(Call call) {
    long ref = call.lookString(1);
    if (ref == Database.NONE) {
      call.reply().nil();
      return Outcome.UNCHANGED;
    }
    call.replyString(ref);
    call.delete(1);
    return Told.delete(call, 1);
  }

  private static Outcome getEx(Call call) {
    Lifetime lifetime = new Lifetime();
    for (int i = 2; i < call.argc(); i++) {
      i = lifetime.read(call, i, Lifetime.Kind.PERSIST);
    }
    long ref = call.lookString(1);
    if (ref == Database.NONE) {
      call.reply().nil();
      return Outcome.UNCHANGED;
    }
    long deadline = lifetime.deadline(call);
    long before = call.entries().deadline(ref);
    call.replyString(ref);
    return switch (lifetime.kind()) {
      case NONE, KEEPTTL -> Outcome.UNCHANGED;
      case PERSIST -> before == Entries.NO_DEADLINE ? Outcome.UNCHANGED : persist(call);
      case EX, PX, EXAT, PXAT -> expire(call, deadline);
    };
  }

  private static Outcome persist(Call call) {
    call.expireAt(1, Entries.NO_DEADLINE);
    return Told.persist(call, 1);
  }

  private static Outcome expire(Call call, long deadline) {
    if (Lifetime.isPast(call, deadline)) {
      call.delete(1);
      return Told.delete(call, 1);
    }
    call.expireAt(1, deadline);
    return Told.expire(call, 1, deadline);
  }
}
