package dev.dueline.console.render;

import dev.dueline.text.EscapedText;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** A text of a client as one word for a POSIX shell, which the command line reads as that text. */
final class ShellWord {
  /** What means nothing to a shell. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._:/][A-Za-z0-9._:/-]*");

  private ShellWord() {}

  static String of(String text) {
    return PLAIN.matcher(text).matches()
        ? text
        : "'" + EscapedText.format(text, StandardCharsets.UTF_8).replace("'", "'\\''") + "'";
  }
}
