package dev.dueline.console.page;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.dueline.console.view.JobDetails.PayloadView;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** What a job carries, for people: text where it is text, and else bytes. */
final class PayloadText {
  /** Most bytes that are shown. */
  private static final int MAX_BYTES = 64 << 10;

  private static final int BYTES_A_LINE = 16;
  private static final HexFormat HEX = HexFormat.of();

  private PayloadText() {}

  /**
   * A payload.
   *
   * @param href where all of it is
   */
  static PayloadView of(byte[] payload, String href) {
    if (payload.length == 0) {
      return new PayloadView("empty", 0, "", false, href);
    }
    String text = text(payload);
    if (text == null) {
      int shown = Math.min(payload.length, MAX_BYTES);
      return new PayloadView(
          "hex", payload.length, hex(payload, shown), shown < payload.length, href);
    }
    boolean isCut = text.length() > MAX_BYTES;
    return new PayloadView(
        !isCut && isJson(text) ? "json" : "text",
        payload.length,
        // A line that ends as on Windows is no text to be suspicious of.
        (isCut ? text.substring(0, MAX_BYTES) : text).replace("\r\n", "\n"),
        isCut,
        href);
  }

  /** Null: it is no text. */
  private static @org.jspecify.annotations.Nullable String text(byte[] payload) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
      boolean isBinary = text.chars().anyMatch(c -> c < ' ' && c != '\n' && c != '\r' && c != '\t');
      return isBinary ? null : text;
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static boolean isJson(String text) {
    String inner = text.strip();
    if (!inner.startsWith("{") && !inner.startsWith("[")) {
      return false;
    }
    try (JsonReader reader = new JsonReader(new StringReader(inner))) {
      reader.skipValue();
      return reader.peek() == JsonToken.END_DOCUMENT;
    } catch (IOException e) {
      return false;
    }
  }

  /** As {@code hexdump -C} does. */
  private static String hex(byte[] payload, int shown) {
    StringBuilder lines = new StringBuilder();
    for (int from = 0; from < shown; from += BYTES_A_LINE) {
      byte[] line = Arrays.copyOfRange(payload, from, Math.min(shown, from + BYTES_A_LINE));
      lines.append(HEX.toHexDigits(from)).append(' ');
      StringBuilder characters = new StringBuilder();
      for (int i = 0; i < BYTES_A_LINE; i++) {
        if (i >= line.length) {
          lines.append("   ");
        } else {
          lines.append(' ').append(HEX.toHexDigits(line[i]));
          characters.append(line[i] >= ' ' && line[i] < 0x7f ? (char) line[i] : '.');
        }
      }
      lines.append("  ").append(characters).append('\n');
    }
    return lines.toString();
  }
}
