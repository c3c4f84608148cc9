package dev.dueline.store.redis.layout;

import dev.dueline.job.recurrence.Cron;
import dev.dueline.job.recurrence.Every;
import dev.dueline.job.recurrence.MissedRuns;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.job.recurrence.Rule;
import dev.dueline.job.recurrence.Runs;
import dev.dueline.job.recurrence.Series;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes and reads the series of a record, in the layout of the table of the package. */
final class SeriesCodec {
  private static final byte CRON = 1;
  private static final byte INTERVAL = 2;

  /** Runs, kind, end, most runs, missed runs. */
  private static final int FIXED_BYTES = RecordLayout.RUNS_BYTES + 1 + 6 + Long.BYTES + 1;

  private SeriesCodec() {}

  /** A series none of whose runs has ended. */
  static byte[] encode(Recurrence recurrence) {
    byte[] rule = encode(recurrence.rule());
    ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + rule.length);
    out.position(RecordLayout.RUNS_BYTES);
    out.put(recurrence.rule() instanceof Cron ? CRON : INTERVAL);
    RecordLayout.writeMs(out, recurrence.endMs());
    out.putLong(recurrence.maxRuns()).put((byte) recurrence.onMissed().code());
    return out.put(rule).array();
  }

  private static byte[] encode(Rule rule) {
    if (rule instanceof Every every) {
      return RecordLayout.shortMs(every.intervalMs());
    }
    Cron cron = (Cron) rule;
    byte[] expression = cron.expression().getBytes(StandardCharsets.UTF_8);
    byte[] zone = cron.zone().getBytes(StandardCharsets.UTF_8);
    ByteBuffer out =
        ByteBuffer.allocate(RecordLayout.sizeOf(expression) + RecordLayout.sizeOf(zone));
    RecordLayout.write(out, expression);
    RecordLayout.write(out, zone);
    return out.array();
  }

  /**
   * Reads a series.
   *
   * @return null if this server cannot follow it: it does not know its time zone or its kind, or it
   *     is cut short behind its runs. The job has its payload all the same
   * @throws BufferUnderflowException if its runs are cut short, which scripts call unreadable, too
   */
  static @Nullable Series decode(ByteBuffer in) {
    Runs runs = new Runs(RecordLayout.readMs(in), RecordLayout.readMs(in), RecordLayout.readMs(in));
    try {
      byte kind = in.get();
      long endMs = RecordLayout.readMs(in);
      long maxRuns = in.getLong();
      MissedRuns missed = MissedRuns.of(in.get());
      return new Series(new Recurrence(rule(kind, in), endMs, maxRuns, missed), runs);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return null;
    }
  }

  private static Rule rule(byte kind, ByteBuffer in) {
    return switch (kind) {
      case CRON -> Cron.stored(RecordLayout.readText(in), RecordLayout.readText(in));
      case INTERVAL -> new Every(RecordLayout.readShortMs(in));
      default -> throw new IllegalArgumentException("not a kind of series: " + kind);
    };
  }
}
