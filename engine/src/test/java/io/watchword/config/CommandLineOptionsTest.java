package io.watchword.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class CommandLineOptionsTest {
  @Test
  void shouldTakeAFileFirstAndOptionsAfterIt() {
    CommandLineOptions options = of("a.conf", "--replicaof", "127.0.0.1", "6379", "--hz", "20");
    assertThat(options.file()).contains("a.conf");
    assertThat(options.lines()).isEqualTo("replicaof \"127.0.0.1\" \"6379\" \nhz \"20\" ");
  }

  @Test
  void shouldTakeOptionsWithoutAFile() {
    assertThat(of("--port", "6300").file()).isEmpty();
  }

  @Test
  void shouldTakeAValueThatStartsWithDashes() {
    assertThat(of("--requirepass", "--secret", "--hz", "1").lines())
        .isEqualTo("requirepass \"--secret\" \nhz \"1\" ");
  }

  @Test
  void shouldMeanNoSavePointsByABareSave() {
    assertThat(of("--save", "--port", "1").lines()).isEqualTo("save \"\"\nport \"1\" ");
    assertThat(of("--save").lines()).isEqualTo("save \"\"");
    assertThat(of("--save", "").lines()).isEqualTo("save \"\" ");
  }

  @Test
  void shouldSplitANameAndValueThatCameAsOneArgument() {
    assertThat(of("--port 6380", "--hz", "1").lines()).isEqualTo("port 6380 \nhz \"1\" ");
  }

  @Test
  void shouldReadStandardInputForALoneDashAtEitherEnd() {
    assertThat(of("-").fromStandardInput()).isTrue();
    assertThat(of("a.conf", "-").fromStandardInput()).isTrue();
    assertThat(of("--requirepass", "-", "--hz", "1").fromStandardInput()).isFalse();
  }

  @Test
  void shouldQuoteWhatTheFileWouldTakeApart() {
    assertThat(CommandLineOptions.quoted("a \"b\\\n\u00ff")).isEqualTo("\"a \\\"b\\\\\\n\\xff\"");
  }

  private static CommandLineOptions of(String... arguments) {
    return CommandLineOptions.of(List.of(arguments));
  }
}
