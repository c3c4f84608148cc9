package dev.dueline.console.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is copied from a page into a terminal is one word there, whatever a client put into it. */
class ShellWordTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "mail/1:a.b-c_d",
        "x'; echo broken #",
        "''",
        "$(echo broken)`echo broken`$HOME",
        "a  b \\ \" * ~ ! & | < >"
      })
  void aShellTakesItAsItIs(String text) throws IOException {
    Process shell = new ProcessBuilder("sh", "-c", "printf %s " + ShellWord.of(text)).start();
    assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
        .isEqualTo(text);
  }

  @Test
  void whatTheCommandLineWouldNotTakeIsEscapedAsItReadsIt() {
    assertThat(ShellWord.of("-a\u202e\n\\u{61} "))
        .isEqualTo("'\\u{2d}a\\u{202e}\\u{a}\\u{5c}u{61}\\u{20}'");
    assertThat(ShellWord.of("")).isEqualTo("''");
  }
}
