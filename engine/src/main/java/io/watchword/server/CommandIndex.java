package io.watchword.server;

import io.watchword.command.Command;
import io.watchword.command.CommandTable;
import io.watchword.command.authority.Watchword;
import io.watchword.command.config.ConfigVerb;
import io.watchword.command.connection.Auth;
import io.watchword.command.connection.ClientVerb;
import io.watchword.command.connection.Echo;
import io.watchword.command.connection.Hello;
import io.watchword.command.connection.Ping;
import io.watchword.command.connection.Quit;
import io.watchword.command.connection.Reset;
import io.watchword.command.connection.Select;
import io.watchword.command.generic.Copy;
import io.watchword.command.generic.Del;
import io.watchword.command.generic.Exists;
import io.watchword.command.generic.Expire;
import io.watchword.command.generic.Flush;
import io.watchword.command.generic.Keys;
import io.watchword.command.generic.ObjectVerb;
import io.watchword.command.generic.Rename;
import io.watchword.command.generic.Scan;
import io.watchword.command.generic.Ttl;
import io.watchword.command.persistence.Save;
import io.watchword.command.pubsub.PubSubVerb;
import io.watchword.command.pubsub.Publish;
import io.watchword.command.pubsub.Subscribe;
import io.watchword.command.replication.Psync;
import io.watchword.command.replication.Replconf;
import io.watchword.command.replication.ReplicaOf;
import io.watchword.command.replication.RoleCommand;
import io.watchword.command.replication.Wait;
import io.watchword.command.server.CommandVerb;
import io.watchword.command.server.Debug;
import io.watchword.command.server.Info;
import io.watchword.command.server.Lolwut;
import io.watchword.command.server.ShutdownVerb;
import io.watchword.command.server.Time;
import io.watchword.command.string.Append;
import io.watchword.command.string.Get;
import io.watchword.command.string.GetRange;
import io.watchword.command.string.GetWith;
import io.watchword.command.string.Incr;
import io.watchword.command.string.IncrByFloat;
import io.watchword.command.string.Mget;
import io.watchword.command.string.Mset;
import io.watchword.command.string.Set;
import io.watchword.command.string.SetWith;
import io.watchword.command.transaction.Multi;
import io.watchword.command.transaction.Watch;
import java.util.ArrayList;
import java.util.List;

/** Every verb, one line each: the list that makes the table. A test fails on a verb left out. */
public final class CommandIndex {
  private static final List<List<Command>> VERBS =
      List.of(
          // Connections
          Auth.COMMANDS,
          ClientVerb.COMMANDS,
          Echo.COMMANDS,
          Hello.COMMANDS,
          Ping.COMMANDS,
          Quit.COMMANDS,
          Reset.COMMANDS,
          Select.COMMANDS,
          // Strings
          Append.COMMANDS,
          Get.COMMANDS,
          GetRange.COMMANDS,
          GetWith.COMMANDS,
          Incr.COMMANDS,
          IncrByFloat.COMMANDS,
          Mget.COMMANDS,
          Mset.COMMANDS,
          Set.COMMANDS,
          SetWith.COMMANDS,
          // Keys
          Copy.COMMANDS,
          Del.COMMANDS,
          Exists.COMMANDS,
          Expire.COMMANDS,
          Flush.COMMANDS,
          Keys.COMMANDS,
          ObjectVerb.COMMANDS,
          Rename.COMMANDS,
          Scan.COMMANDS,
          Ttl.COMMANDS,
          // Pub/sub
          Publish.COMMANDS,
          PubSubVerb.COMMANDS,
          Subscribe.COMMANDS,
          // Replication
          Psync.COMMANDS,
          Replconf.COMMANDS,
          ReplicaOf.COMMANDS,
          RoleCommand.COMMANDS,
          Wait.COMMANDS,
          Watchword.COMMANDS,
          // Server
          CommandVerb.COMMANDS,
          ConfigVerb.COMMANDS,
          Debug.COMMANDS,
          Info.COMMANDS,
          Lolwut.COMMANDS,
          ShutdownVerb.COMMANDS,
          Time.COMMANDS,
          // Transactions
          Multi.COMMANDS,
          Watch.COMMANDS,
          // Persistence
          Save.COMMANDS);

  private CommandIndex() {}

  /** All rows. */
  public static List<Command> all() {
    List<Command> rows = new ArrayList<>();
    VERBS.forEach(rows::addAll);
    return rows;
  }

  /** The table of all rows. */
  public static CommandTable table() {
    return new CommandTable(all());
  }
}
