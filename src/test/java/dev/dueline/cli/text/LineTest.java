package dev.dueline.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A line of output stays one, whatever a client put into it. */
class LineTest {
  @Test
  void linesDriveNoTerminalAndShowEveryCharacter() {
    assertThat(Line.of("a\tb\u001B[2J", "x\u202Ey\u2028"))
        .isEqualTo("a b [2J\tx\\u{202e}y\\u{2028}");
  }
}
