package io.watchword.command.server;

import io.watchword.command.Arg;
import io.watchword.command.Call;
import io.watchword.command.Command;
import io.watchword.command.Group;
import io.watchword.command.Outcome;
import io.watchword.sys.Version;
import java.util.List;

/** LOLWUT: a row of towers, another one each time, and the version as Redis ends it. */
public final class Lolwut {
  private static final int TOWERS = 16;
  private static final int HEIGHT_MAX = 5;

  public static final List<Command> COMMANDS =
      List.of(
          Command.read("LOLWUT", -1)
              .fast()
              .in(Group.SERVER, "5.0.0")
              .says("Draws something and tells the version.")
              .costs("O(1)")
              .args(Arg.opt(Arg.block("version", Arg.word("VERSION"), Arg.integer("version"))))
              .runs(Lolwut::draw));

  private Lolwut() {}

  private static Outcome draw(Call call) {
    int[] heights = new int[TOWERS];
    for (int i = 0; i < TOWERS; i++) {
      heights[i] = 1 + call.random().nextInt(HEIGHT_MAX);
    }
    StringBuilder picture = new StringBuilder();
    for (int level = HEIGHT_MAX; level > 0; level--) {
      for (int height : heights) {
        picture.append(height < level ? "   " : height == level ? " /\\" : " ||");
      }
      picture.append('\n');
    }
    picture.append("\nRedis ver. ").append(Version.REDIS).append('\n');
    call.reply().verbatim(picture.toString());
    return Outcome.UNCHANGED;
  }
}
