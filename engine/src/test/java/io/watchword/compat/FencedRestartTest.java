package io.watchword.compat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A promise to a sentinel group holds over a restart. */
class FencedRestartTest {
  /** A port on which nobody listens. */
  private static final String NOBODY = "1";

  @Test
  void shouldStayFencedOverARestart() {
    OurServer first = OurServer.start();
    RawClient before = first.talk();
    before.ask("REPLICAOF", "127.0.0.1", NOBODY);
    assertThat(before.ask("WATCHWORD", "CLAIM", "g", "s:1")).startsWith("+OK");
    assertThat(before.ask("WATCHWORD", "FENCE", "g", "1")).startsWith("*5");
    first.kill();

    try (OurServer second = OurServer.startIn(first.folder())) {
      RawClient after = second.talk();
      assertThat(after.ask("SET", "k", "v")).contains("fenced by its sentinels");
      assertThat(after.ask("ROLE")).contains("slave", ":" + NOBODY + "\r\n");
      assertThat(second.log()).noneMatch(line -> line.startsWith("Connecting to MASTER"));
    }
  }
}
