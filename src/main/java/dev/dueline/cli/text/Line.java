package dev.dueline.cli.text;

import dev.dueline.text.EscapedText;
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
                    EscapedText.isPrintable(codePoint)
                        ? Character.toString(codePoint)
                        : EscapedText.escape(codePoint));
              }
            });
    return clean.toString();
  }
}
