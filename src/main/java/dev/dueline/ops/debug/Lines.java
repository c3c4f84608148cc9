package dev.dueline.ops.debug;

import dev.dueline.store.failure.StoreReplyException;
import dev.dueline.store.redis.layout.IdCodec;
import dev.dueline.text.EscapedText;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;

/** Lines for people: a name, and what it is. */
final class Lines {
  /** What is not text is shown as so many bytes. */
  private static final int MOST_HEX_BYTES = 64;

  /** Numbers between these are times of this century: in ms, and in µs. */
  private static final long FIRST_MS = 1_000_000_000_000L;

  private static final long LAST_MS = 4_102_444_800_000L;

  private final PrintWriter out;
  private final long nowMs;

  /**
   * Lines at that time.
   *
   * @param nowMs by Redis's clock
   */
  Lines(PrintWriter out, long nowMs) {
    this.out = out;
    this.nowMs = nowMs;
  }

  /** A line as it is. */
  void add(String line) {
    out.println(line);
  }

  /** A field. */
  void field(String name, String value) {
    out.printf("  %-17s %s%n", name, value);
  }

  /** A time, and how far it is. */
  String time(long ms) {
    Duration distance = Duration.ofMillis(Math.abs(ms - nowMs));
    String text = distance.toString().substring(2).toLowerCase(Locale.ROOT);
    return Instant.ofEpochMilli(ms) + (ms > nowMs ? " (in " + text + ")" : " (" + text + " ago)");
  }

  /** A number of meta, and the time that it may be. */
  String number(String text) {
    long value;
    try {
      value = Long.parseLong(text);
    } catch (NumberFormatException e) {
      return text;
    }
    if (value >= FIRST_MS && value < LAST_MS) {
      return text + "  " + time(value);
    }
    boolean isUs = value / 1_000 >= FIRST_MS && value / 1_000 < LAST_MS;
    return isUs ? text + "  " + time(value / 1_000) : text;
  }

  /** The id of a job, as it can be given back as an argument. */
  static String id(byte[] packed) {
    try {
      return printable(IdCodec.unpack(packed).value());
    } catch (StoreReplyException e) {
      return "no id: " + hex(packed);
    }
  }

  /** A text, with escapes for what a terminal does not show. */
  static String printable(String text) {
    return EscapedText.format(text, StandardCharsets.UTF_8);
  }

  /** Bytes as text, if they are some. */
  static String text(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return printable(text);
    } catch (CharacterCodingException e) {
      return hex(bytes);
    }
  }

  /** Bytes as digits, the first of them. */
  static String hex(byte[] bytes) {
    int shown = Math.min(bytes.length, MOST_HEX_BYTES);
    String digits = HexFormat.of().formatHex(bytes, 0, shown);
    return "0x" + digits + (shown < bytes.length ? "… (" + bytes.length + " bytes)" : "");
  }
}
