package dev.dueline.job.recurrence;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Runs at the local times of a zone that a cron expression names. Local times become moments in
 * their order, which makes the arithmetic simple: one that a change of the clocks skips becomes the
 * moment of the change, one that occurs twice becomes its first occurrence.
 */
public final class Cron implements Rule {
  /** The longest expression, in bytes of UTF-8. */
  public static final int MAX_EXPRESSION_BYTES = 256;

  /** The longest name of a zone, in bytes of UTF-8. */
  public static final int MAX_ZONE_BYTES = 64;

  private final String expression;
  private final String zone;
  private final CronFields fields;
  private final ZoneRules rules;

  /**
   * A rule.
   *
   * @param expression see {@code CronParser}; at most {@link #MAX_EXPRESSION_BYTES} long
   * @param zone an IANA name, see {@link ZoneNames}; empty: UTC
   * @throws IllegalArgumentException for an expression that cannot be read or never fires, with
   *     what is wrong, or a zone that is not known
   */
  public Cron(String expression, String zone) {
    this(expression, zone, CronParser.parse(expression), ZoneNames.rules(zone));
  }

  private Cron(String expression, String zone, CronFields fields, ZoneRules rules) {
    if (expression.getBytes(UTF_8).length > MAX_EXPRESSION_BYTES) {
      throw new IllegalArgumentException("is too long");
    }
    if (fields.isNever()) {
      throw new IllegalArgumentException("never fires: no month that it names has such a day");
    }
    this.expression = expression;
    this.zone = zone;
    this.fields = fields;
    this.rules = rules;
  }

  /**
   * A rule that a record holds. Reads also what earlier versions took and this one refuses: steps
   * larger than their field, and names of zones that are the JDK's own.
   *
   * @throws IllegalArgumentException for a zone that this JDK does not know, or what no version
   *     took
   */
  public static Cron stored(String expression, String zone) {
    return new Cron(
        expression, zone, CronParser.parseStored(expression), ZoneNames.storedRules(zone));
  }

  /** The expression as it was given. */
  public String expression() {
    return expression;
  }

  /** The local times in English; empty: the expression says it shortest. */
  public String words() {
    return CronWords.of(fields);
  }

  /** The zone as it was given; empty: UTC. */
  public String zone() {
    return zone;
  }

  @Override
  public OptionalLong next(long dueMs, long afterMs) {
    LocalDateTime next = fields.firstAt(firstLocalAfter(afterMs));
    long ms = next == null ? Long.MAX_VALUE : momentMs(next);
    return ms > MAX_MS ? OptionalLong.empty() : OptionalLong.of(ms);
  }

  /** By bisection: some forty searches, in place of a search that runs backward. */
  @Override
  public OptionalLong latest(long dueMs, long toMs) {
    long from = dueMs;
    long to = toMs;
    OptionalLong latest = next(dueMs, from);
    if (latest.isEmpty() || latest.getAsLong() > toMs) {
      return OptionalLong.empty();
    }
    while (to - from > 1) {
      long middle = (from + to) >>> 1;
      OptionalLong next = next(dueMs, middle);
      if (next.isPresent() && next.getAsLong() <= toMs) {
        latest = next;
        from = middle;
      } else {
        to = middle;
      }
    }
    return latest;
  }

  /** From day to day, so that years of every second are counted quickly. */
  @Override
  public long count(long dueMs, long toMs) {
    if (toMs <= dueMs) {
      return 0;
    }
    long count = fields.count(firstLocalAfter(dueMs), firstLocalAfter(toMs));
    Instant end = Instant.ofEpochMilli(toMs);
    Instant from = Instant.ofEpochMilli(dueMs);
    for (ZoneOffsetTransition change = rules.nextTransition(from); isBy(change, end); ) {
      if (change.isGap()) {
        // All that a change skips, and what is at its end, is one moment.
        LocalDateTime gapEnd = change.getDateTimeAfter().plusSeconds(1);
        count -= Math.max(0, fields.count(change.getDateTimeBefore(), gapEnd) - 1);
      }
      change = rules.nextTransition(change.getInstant());
    }
    return count;
  }

  private static boolean isBy(@Nullable ZoneOffsetTransition change, Instant end) {
    return change != null && !change.getInstant().isAfter(end);
  }

  /** The first local time, of whole seconds, whose moment is after a time. */
  private LocalDateTime firstLocalAfter(long ms) {
    long second = Math.floorDiv(ms, 1000L);
    ZoneOffset offset = rules.getOffset(Instant.ofEpochSecond(second));
    LocalDateTime local = LocalDateTime.ofEpochSecond(second, 0, offset);
    ZoneOffsetTransition change = rules.getTransition(local);
    boolean isRepeated =
        change != null && change.isOverlap() && offset.equals(change.getOffsetAfter());
    return isRepeated ? change.getDateTimeBefore() : local.plusSeconds(1);
  }

  private long momentMs(LocalDateTime local) {
    ZoneOffsetTransition change = rules.getTransition(local);
    if (change == null) {
      return local.toEpochSecond(rules.getOffset(local)) * 1000;
    }
    return 1000
        * (change.isGap() ? change.toEpochSecond() : local.toEpochSecond(change.getOffsetBefore()));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Cron cron
        && cron.expression.equals(expression)
        && cron.zone.equals(zone);
  }

  @Override
  public int hashCode() {
    return Objects.hash(expression, zone);
  }

  @Override
  public String toString() {
    return "Cron[" + expression + (zone.isEmpty() ? "" : ", " + zone) + "]";
  }
}
