package dev.dueline.text;

import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text, such as the id of a job, that can be read from a terminal and given back as an argument:
 * what a terminal would not show as it is, and what an argument cannot carry, become escapes of the
 * form {@code \\u{2d}}.
 */
public final class EscapedText {
  private static final Pattern ESCAPE = Pattern.compile("\\\\u\\{([0-9A-Fa-f]{1,6})}");

  /** What has no type that says so: letters and marks that fill or change nothing visible. */
  private static final String INVISIBLE = "\u034F\u115F\u1160\u17B4\u17B5\u2800\u3164\uFFA0";

  private EscapedText() {}

  /**
   * The text as it is printed.
   *
   * @param arguments the encoding that arguments have; what it does not know is escaped
   */
  public static String format(String text, Charset arguments) {
    CharsetEncoder encoder = arguments.newEncoder();
    StringBuilder printed = new StringBuilder();
    for (int at = 0; at < text.length(); ) {
      int codePoint = text.codePointAt(at);
      int next = at + Character.charCount(codePoint);
      boolean isAtEdge = at == 0 || next == text.length();
      boolean isPlain =
          isPrintable(codePoint)
              && isSeen(codePoint)
              && encoder.canEncode(text.substring(at, next))
              && !(at == 0 && codePoint == '-')
              && !(isAtEdge && codePoint == ' ')
              && !text.startsWith("\\u{", at);
      if (isPlain) {
        printed.appendCodePoint(codePoint);
      } else {
        printed.append(escape(codePoint));
      }
      at = next;
    }
    return printed.toString();
  }

  /** The text that was printed, or typed without any escape. */
  public static String parse(String printed) {
    return ESCAPE.matcher(printed).replaceAll(EscapedText::replacement);
  }

  private static String replacement(MatchResult escape) {
    int codePoint = Integer.parseInt(escape.group(1), 16);
    return Matcher.quoteReplacement(
        Character.isValidCodePoint(codePoint) ? Character.toString(codePoint) : escape.group());
  }

  /** Whether a terminal shows a character as itself. */
  public static boolean isPrintable(int codePoint) {
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

  /** Whether ids that differ by a character only look different. */
  private static boolean isSeen(int codePoint) {
    boolean isOtherSpace =
        codePoint != ' ' && Character.getType(codePoint) == Character.SPACE_SEPARATOR;
    return !isOtherSpace && INVISIBLE.indexOf(codePoint) < 0 && !isVariation(codePoint);
  }

  /** Whether it chooses among shapes of the character before it. */
  private static boolean isVariation(int codePoint) {
    return (codePoint >= 0x180B && codePoint <= 0x180F)
        || (codePoint >= 0xFE00 && codePoint <= 0xFE0F)
        || (codePoint >= 0xE0100 && codePoint <= 0xE01EF);
  }

  /** The escape that stands for a character. */
  public static String escape(int codePoint) {
    return "\\u{" + Integer.toHexString(codePoint) + "}";
  }
}
