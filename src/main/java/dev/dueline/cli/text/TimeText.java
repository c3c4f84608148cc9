package dev.dueline.cli.text;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;

/** Points in time, as ISO 8601 and as the contract's messages. */
public final class TimeText {
  /** Always milliseconds, which is what the service keeps, so that lines sort and align. */
  private static final DateTimeFormatter ISO_MS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private TimeText() {}

  /**
   * Reads an ISO 8601 time with an offset, {@code 2026-11-24T12:15:00Z} or {@code …+01:00}.
   *
   * @throws IllegalArgumentException when it is not one; the message is for people
   */
  public static Instant parse(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a time such as 2026-11-24T12:15:00Z", e);
    }
  }

  /** UTC with milliseconds. */
  public static String format(Instant time) {
    return ISO_MS.format(time);
  }

  /** UTC with milliseconds. */
  public static String format(Timestamp time) {
    return format(toInstant(time));
  }

  /** The same point in time. */
  public static Instant toInstant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  /** The same point in time. */
  public static Timestamp toProto(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }

  /** The same length of time. */
  public static Duration toProto(java.time.Duration duration) {
    return Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }

  /** The same length of time. */
  public static java.time.Duration toDuration(Duration duration) {
    return java.time.Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
  }
}
