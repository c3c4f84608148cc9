package dev.dueline.cli.text;

import dev.dueline.text.EscapedText;
import java.nio.charset.Charset;
import picocli.CommandLine.ITypeConverter;

/** The id of a job or the name of a queue, written so that it can be given back as an argument. */
public final class IdText {
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
    return EscapedText.format(id, ARGUMENTS);
  }

  /** The id that was printed, or typed without any escape. */
  public static String parse(String text) {
    return EscapedText.parse(text);
  }
}
