package io.watchword.command.connection;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.CommandError;
import io.watchword.command.Flag;
import io.watchword.command.Group;
import io.watchword.command.Outcome;
import io.watchword.config.Config;
import io.watchword.config.Directives;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;

/**
 * AUTH, and the check of a password that HELLO makes too. The only user is {@code default}, whose
 * password is {@code requirepass}.
 */
public final class Auth {
  private static final String USER = "default";
  private static final CommandError WRONG =
      new CommandError("WRONGPASS invalid username-password pair or user is disabled.");
  private static final CommandError NONE_SET =
      new CommandError(
          "ERR AUTH <password> called without any password configured for the default user."
              + " Are you sure your configuration is correct?");

  public static final List<Command> COMMANDS =
      List.of(
          Command.other("AUTH", -2)
              .fast()
              .flags(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.NO_AUTH, Flag.ALLOW_BUSY)
              .in(Group.CONNECTION, "1.0.0")
              .says("Proves that the client may use the server.")
              .costs("O(1)")
              .args(Arg.opt(Arg.string("username")), Arg.string("password"))
              .runs(Auth::auth));

  private Auth() {}

  private static Outcome auth(Call call) {
    if (call.argc() > 3) {
      throw CommandError.SYNTAX;
    }
    if (call.argc() == 2) {
      if (!isRequired(call)) {
        throw NONE_SET;
      }
      login(call, USER, 1);
    } else {
      login(call, call.text(1), 2);
    }
    call.reply().ok();
    return Outcome.UNCHANGED;
  }

  /** Whether a password is set at all. */
  static boolean isRequired(Call call) {
    return !call.port(Config.class).get(Directives.REQUIREPASS).isEmpty();
  }

  /**
   * Authenticates the client with the password in an argument.
   *
   * @throws CommandError when user or password are wrong
   */
  static void login(Call call, String user, int passwordAt) {
    byte[] given =
        Arrays.copyOfRange(
            call.bytes(), call.at(passwordAt), call.at(passwordAt) + call.length(passwordAt));
    byte[] wanted =
        call.port(Config.class).get(Directives.REQUIREPASS).getBytes(StandardCharsets.ISO_8859_1);
    // Without a password the default user takes any, as in Redis. The comparison takes the same
    // time wherever the two differ.
    boolean right = wanted.length == 0 || MessageDigest.isEqual(given, wanted);
    if (!user.equals(USER) || !right) {
      throw WRONG;
    }
    call.client().authenticated = true;
    call.client().user = user;
  }
}
