package dev.dueline.cli.text;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One line of output: fields separated by tabs, in which no field can break the line. */
public final class Line {
  private Line() {}

  /** Joins fields; a control character in one becomes a space. */
  public static String of(Object... fields) {
    return Stream.of(fields)
        .map(Object::toString)
        .map(Line::clean)
        .collect(Collectors.joining("\t"));
  }

  /**
   * The text with a space for each control character, and an escape for each that cannot be seen or
   * turns the direction of others, so that it can drive no terminal and look like no other text.
   */
  public static String clean(String text) {
    StringBuilder clean = new StringBuilder();
    text.codePoints()
        .forEach(
            codePoint -> {
              if (Character.getType(codePoint) == Character.CONTROL) {
                clean.append(' ');
              } else {
                clean.append(
                    isPrintable(codePoint) ? Character.toString(codePoint) : escape(codePoint));
              }
            });
    return clean.toString();
  }

  /** Whether a terminal shows a character as itself. */
  static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
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

  static String escape(int codePoint) {
    return "\\u{" + Integer.toHexString(codePoint) + "}";
  }
}
