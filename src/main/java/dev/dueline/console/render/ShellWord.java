package dev.dueline.console.render;

import java.util.regex.Pattern;

/**
 * A text of a client as one word for a POSIX shell, which the command line reads as that text: what
 * cannot be seen, and a {@code -} in front, become its escapes of the form {@code \\u{2d}}.
 */
final class ShellWord {
  /** What means nothing to a shell. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._:/][A-Za-z0-9._:/-]*");

  private ShellWord() {}

  static String of(String text) {
    if (PLAIN.matcher(text).matches()) {
      return text;
    }
    StringBuilder word = new StringBuilder("'");
    for (int at = 0; at < text.length(); ) {
      int point = text.codePointAt(at);
      boolean isAtEdge = at == 0 || at + Character.charCount(point) == text.length();
      if (point == '\'') {
        word.append("'\\''");
      } else if (!isShown(point)
          || (at == 0 && point == '-')
          || (isAtEdge && point == ' ')
          || text.startsWith("\\u{", at)) {
        word.append("\\u{").append(Integer.toHexString(point)).append('}');
      } else {
        word.appendCodePoint(point);
      }
      at += Character.charCount(point);
    }
    return word.append('\'').toString();
  }

  private static boolean isShown(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
