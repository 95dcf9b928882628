package io.watchword.resp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class RespWriterTest {
  @Test
  void shouldGrowUpToItsLimitAndNoFurther() {
    RespWriter out = new RespWriter(8, 20);
    out.raw(new byte[9]);
    out.raw(new byte[11]);
    assertThat(out.size()).isEqualTo(20);
    assertThatThrownBy(() -> out.raw(new byte[1])).isInstanceOf(ReplyTooLong.class);
    assertThat(out.size()).isEqualTo(20);
  }
}
