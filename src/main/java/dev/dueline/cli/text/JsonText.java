package dev.dueline.cli.text;

import com.google.gson.JsonObject;
import dev.dueline.text.EscapedText;
import java.util.HexFormat;

/**
 * JSON as it is printed: what a terminal does not show as itself, or what turns the direction of
 * other characters, is an escape of JSON's own, so that whoever parses it has the same values.
 */
final class JsonText {
  private static final HexFormat HEX = HexFormat.of();

  private JsonText() {}

  /** The object on one line. Outside its strings JSON has only printable characters. */
  static String of(JsonObject object) {
    String json = object.toString();
    StringBuilder printed = new StringBuilder(json.length());
    json.codePoints()
        .forEach(
            codePoint -> {
              if (EscapedText.isPrintable(codePoint)) {
                printed.appendCodePoint(codePoint);
              } else {
                for (char unit : Character.toChars(codePoint)) {
                  printed.append("\\u").append(HEX.toHexDigits(unit));
                }
              }
            });
    return printed.toString();
  }
}
