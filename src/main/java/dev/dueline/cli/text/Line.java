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

  /** The text with a space for each control character, so that it cannot drive a terminal. */
  public static String clean(String text) {
    return text.replaceAll("\\p{Cntrl}", " ");
  }
}
