package dev.dueline.console.page;

import dev.dueline.console.http.Parameters;
import dev.dueline.console.http.RefusedException;
import dev.dueline.console.input.Inputs;
import dev.dueline.console.text.Moment;
import dev.dueline.console.text.Urls;
import dev.dueline.console.view.QueueDetails.Bar;
import dev.dueline.console.view.QueueDetails.Link;
import dev.dueline.job.Due;
import dev.dueline.job.JobState;
import dev.dueline.job.QueueName;
import dev.dueline.operation.queue.JobCount;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * What falls due in a stretch of time, in bars of the same length.
 *
 * @param name of the range; empty: it was chosen by its ends
 * @param toMs after fromMs
 */
record Timeline(String name, long fromMs, long toMs) {
  private static final int BARS = 60;

  private static final long MINUTE_MS = 60_000;

  /** The ranges that have names, and how long each is. */
  private enum Range {
    MINUTE("minute", MINUTE_MS),
    HOUR("hour", 60 * MINUTE_MS),
    DAY("day", 24 * 60 * MINUTE_MS),
    MONTH("30 days", 30 * 24 * 60 * MINUTE_MS);

    private final String text;
    private final long lengthMs;

    Range(String text, long lengthMs) {
      this.text = text;
      this.lengthMs = lengthMs;
    }

    String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** The range that a page asks for: by name, by its ends, or the next hour. */
  static Timeline of(Parameters query, long nowMs) {
    String from = query.get("from");
    String to = query.get("to");
    if (!from.isEmpty() && !to.isEmpty()) {
      long fromMs = Inputs.timeMs("from", from);
      long toMs = Inputs.timeMs("to", to);
      if (toMs - fromMs < BARS || toMs > Due.MAX_MS) {
        throw new RefusedException(400, "The range ends before it begins, or is too short.", "");
      }
      return new Timeline("", fromMs, toMs);
    }
    String named = query.get("range");
    for (Range range : Range.values()) {
      if (range.word().equals(named)) {
        return new Timeline(named, nowMs, nowMs + range.lengthMs);
      }
    }
    return new Timeline("hour", nowMs, nowMs + Range.HOUR.lengthMs);
  }

  /** The choices of ranges. */
  List<Link> ranges(String queue) {
    return java.util.stream.Stream.of(Range.values())
        .map(
            range ->
                new Link(
                    range.text,
                    Urls.of("/queue", "queue", queue, "range", range.word()),
                    range.word().equals(name)))
        .toList();
  }

  /** Counts of pending jobs: before the range, in each bar, and after it. */
  Uni<List<Long>> counts(JobCount count, QueueName queue) {
    List<Long> boundaries = LongStream.rangeClosed(0, BARS).map(this::boundaryMs).boxed().toList();
    return count.between(queue, JobState.PENDING, boundaries);
  }

  /** The bars of counts. */
  List<Bar> bars(String queue, List<Long> counts, long nowMs) {
    long most = counts.subList(1, BARS + 1).stream().mapToLong(Long::longValue).max().orElse(0);
    return IntStream.range(0, BARS)
        .mapToObj(
            i -> {
              long count = counts.get(i + 1);
              long from = boundaryMs(i);
              long to = boundaryMs(i + 1L);
              return new Bar(
                  Moment.of(from, nowMs),
                  Moment.of(to, nowMs),
                  count,
                  most == 0 ? 0 : (int) Math.ceil(100.0 * count / most),
                  Urls.of(
                      "/jobs", "queue", queue, "state", "pending", "from", "" + from, "to",
                      "" + to));
            })
        .toList();
  }

  private long boundaryMs(long bar) {
    return fromMs + (toMs - fromMs) * bar / BARS;
  }
}
