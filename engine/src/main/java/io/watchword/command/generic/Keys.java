package io.watchword.command.generic;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.Group;
import io.watchword.command.Outcome;
import io.watchword.keyspace.Database;
import io.watchword.keyspace.Entries;
import java.util.List;

/** KEYS, RANDOMKEY and DBSIZE. */
public final class Keys {
  /** On a replica an overdue key stays: after this many of them one is answered all the same. */
  private static final int OVERDUE_MAX = 100;

  public static final List<Command> COMMANDS =
      List.of(
          Command.read("KEYS", 2)
              .category("@dangerous")
              .in(Group.GENERIC, "1.0.0")
              .says("Answers all keys that match a pattern; nobody else is served meanwhile.")
              .costs("O(N) with N the keys of the database")
              .args(Arg.pattern("pattern"))
              .runs(Keys::keys),
          Command.read("RANDOMKEY", 1)
              .in(Group.GENERIC, "1.0.0")
              .says("Answers a key picked by chance, nothing from an empty database.")
              .costs("O(1)")
              .runs(Keys::random),
          Command.read("DBSIZE", 1)
              .fast()
              .category("@keyspace")
              .in(Group.SERVER, "1.0.0")
              .says("Answers the number of keys in the database.")
              .costs("O(1)")
              .runs(Keys::size));

  private Keys() {}

  private static Outcome keys(Call call) {
    KeyList found = new KeyList(call, KeyList.pattern(call, 1));
    call.db().each(found::offer);
    found.reply();
    return Outcome.UNCHANGED;
  }

  private static Outcome random(Call call) {
    Database db = call.db();
    Entries entries = call.entries();
    for (int overdue = 0; ; overdue++) {
      long ref = db.random(call.random());
      if (ref == Database.NONE) {
        call.reply().nil();
        return Outcome.UNCHANGED;
      }
      boolean due = call.isDue(ref);
      if (!due || (!call.deadlinesPassHere() && overdue >= OVERDUE_MAX)) {
        entries.touch(ref, call.keyspace().clock());
        call.reply().bulk(entries.keyArray(ref), entries.keyAt(ref), entries.keyLength(ref));
        return Outcome.UNCHANGED;
      }
      if (call.deadlinesPassHere()) {
        byte[] key = entries.key(ref);
        call.expire(db, key, 0, key.length, call.keyspace().hash(key, 0, key.length));
      }
    }
  }

  private static Outcome size(Call call) {
    call.reply().integer(call.db().size());
    return Outcome.UNCHANGED;
  }
}
