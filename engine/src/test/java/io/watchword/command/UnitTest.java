package io.watchword.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class UnitTest {
  @Test
  void shouldKeepNoWordsThatNobodyWants() {
    Unit unit = new Unit(new DeafJournal());
    unit.command(0, "DEL", "a");
    assertThat(unit.isEmpty()).isTrue();
  }

  private static final class DeafJournal implements Journal {
    @Override
    public boolean wanted() {
      return false;
    }

    @Override
    public int database() {
      return 0;
    }

    @Override
    public void append(byte[] bytes, int from, int to, int database) {
      throw new AssertionError("nobody wants it");
    }
  }
}
