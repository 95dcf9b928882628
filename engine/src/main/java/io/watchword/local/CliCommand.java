package io.watchword.local;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends one command to one node, for machines without redis-cli. */
@Command(
    name = "cli",
    description = "Sends one command to a node and prints the answer as redis-cli does.")
final class CliCommand implements Callable<Integer> {
  @Option(
      names = "-h",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description = "default ${DEFAULT-VALUE}")
  private String host;

  @Option(
      names = "-p",
      paramLabel = "PORT",
      defaultValue = "6379",
      description = "default ${DEFAULT-VALUE}")
  private int port;

  @Option(names = "--help", usageHelp = true, description = "prints this text")
  boolean help;

  @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "the command and its arguments")
  private List<String> words;

  /** A command may block for as long as it likes (BLPOP 0), so the answer has no deadline. */
  @Override
  public Integer call() {
    try (RespConnection node = new RespConnection(host, port, 0)) {
      Answer answer = node.ask(words.toArray(String[]::new));
      new AnswerPrinter(System.out, Boolean.getBoolean("watchword.terminal")).print(answer, words);
      return answer instanceof Answer.Failure ? ExitStatus.FAILED : ExitStatus.OK;
    } catch (IOException failure) {
      System.err.printf(
          Locale.ROOT, "Could not talk to a node at %s:%d: %s%n", host, port, failure.getMessage());
      return ExitStatus.FAILED;
    }
  }
}
