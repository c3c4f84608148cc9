package dev.dueline.cli.text;

import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;

/**
 * The id of a job or the name of a queue, written so that it can be given back as an argument: what
 * a terminal would not show as it is, what arguments cannot carry here, and a {@code -} in front
 * become escapes of the form {@code \\u{2d}}.
 */
public final class IdText {
  private static final Pattern ESCAPE = Pattern.compile("\\\\u\\{([0-9A-Fa-f]{1,6})}");

  /** Arguments come in the encoding of the locale, whatever the output has. */
  private static final Charset ARGUMENTS =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

  private IdText() {}

  /** Reads arguments that are ids or names. */
  public static final class Reader implements ITypeConverter<String> {
    @Override
    public String convert(String argument) {
      return parse(argument);
    }
  }

  /** The id as it is printed. */
  public static String format(String id) {
    return format(id, ARGUMENTS);
  }

  static String format(String id, Charset arguments) {
    CharsetEncoder encoder = arguments.newEncoder();
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < id.length(); ) {
      int codePoint = id.codePointAt(at);
      int next = at + Character.charCount(codePoint);
      boolean isAtEdge = at == 0 || next == id.length();
      boolean isPlain =
          Line.isPrintable(codePoint)
              && encoder.canEncode(id.substring(at, next))
              && !(at == 0 && codePoint == '-')
              && !(isAtEdge && codePoint == ' ')
              && !id.startsWith("\\u{", at);
      if (isPlain) {
        text.appendCodePoint(codePoint);
      } else {
        text.append(Line.escape(codePoint));
      }
      at = next;
    }
    return text.toString();
  }

  /** The id that was printed, or typed without any escape. */
  public static String parse(String text) {
    return ESCAPE.matcher(text).replaceAll(IdText::replacement);
  }

  private static String replacement(MatchResult escape) {
    int codePoint = Integer.parseInt(escape.group(1), 16);
    return Matcher.quoteReplacement(
        Character.isValidCodePoint(codePoint) ? Character.toString(codePoint) : escape.group());
  }
}
