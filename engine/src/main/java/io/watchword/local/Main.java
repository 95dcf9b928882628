package io.watchword.local;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The local cluster of {@code ./watchword}: up, status, down, and cli.
 *
 * <p>It talks to the nodes as any operator would, over RESP and by signals, and keeps nothing that
 * the nodes know better: who is master is asked, never remembered.
 */
@Command(
    name = "watchword",
    subcommands = {UpCommand.class, StatusCommand.class, DownCommand.class, CliCommand.class})
public final class Main {
  private Main() {}

  /** Runs one subcommand; ends the process with an {@link ExitStatus}. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    // A value may start with @ or - : it is the user's data, not our option.
    line.setExpandAtFiles(false);
    line.getSubcommands().get("cli").setStopAtPositional(true);
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          System.err.println("watchword: " + failure.getMessage());
          return ExitStatus.FAILED;
        });
    return line;
  }
}
