package dev.dueline.store.redis.layout;

import dev.dueline.job.recurrence.Cron;
import dev.dueline.job.recurrence.Every;
import dev.dueline.job.recurrence.MissedRuns;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.job.recurrence.Rule;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads recurrences, as they stand first in the meta of a record: kind 1 (1 cron, 2
 * interval) | end ms 6 | most runs 8 | missed runs 1 (1 run once, 2 skip) | expression and zone, or
 * interval ms 6.
 */
public final class RecurrenceCodec {
  private static final byte CRON = 1;
  private static final byte INTERVAL = 2;

  /** The longest recurrence. */
  public static final int MAX_BYTES =
      16 + 2 * Integer.BYTES + Cron.MAX_EXPRESSION_BYTES + Cron.MAX_ZONE_BYTES;

  private RecurrenceCodec() {}

  public static void write(ByteBuffer out, Recurrence recurrence) {
    out.put(recurrence.rule() instanceof Cron ? CRON : INTERVAL);
    RecordCodec.writeMs(out, recurrence.endMs());
    out.putLong(recurrence.maxRuns());
    out.put((byte) (recurrence.onMissed().ordinal() + 1));
    if (recurrence.rule() instanceof Cron cron) {
      RecordCodec.writeText(out, cron.expression());
      RecordCodec.writeText(out, cron.zone());
    } else if (recurrence.rule() instanceof Every every) {
      RecordCodec.writeMs(out, every.intervalMs());
    }
  }

  /**
   * Reads what {@link #write} wrote, and stands behind it.
   *
   * @return null if this server cannot follow it, for want of its time zone
   * @throws BufferUnderflowException if it is cut short
   */
  public static @Nullable Recurrence read(ByteBuffer in) {
    byte kind = in.get();
    long endMs = RecordCodec.readMs(in);
    long maxRuns = in.getLong();
    byte missed = in.get();
    String expression = kind == CRON ? RecordCodec.readText(in) : "";
    String zone = kind == CRON ? RecordCodec.readText(in) : "";
    long intervalMs = kind == CRON ? 0 : RecordCodec.readMs(in);
    try {
      Rule rule = kind == CRON ? new Cron(expression, zone) : new Every(intervalMs);
      return new Recurrence(rule, endMs, maxRuns, MissedRuns.values()[missed - 1]);
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      return null;
    }
  }
}
