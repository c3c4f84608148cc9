package dev.dueline.console.live;

import dev.dueline.console.live.ReplicaFacts.Lateness;
import dev.dueline.operation.queue.QueueView;
import dev.dueline.store.queue.ShardStats;
import dev.dueline.store.queue.ShardStats.Totals;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What each queue did in the last hour, as far as somebody looked. Any thread. */
public final class History {
  private final Map<String, Series> byQueue = new HashMap<>();

  /**
   * Adds a round, and forgets queues that are gone.
   *
   * @param lateness of the last minutes of a queue; null: that is not known
   */
  synchronized void add(Samples samples, Function<String, @Nullable Lateness> lateness) {
    byQueue
        .keySet()
        .removeIf(
            name -> !samples.queues().containsKey(name) && !samples.unreadable().contains(name));
    samples
        .queues()
        .forEach(
            (name, sample) ->
                add(
                    byQueue.computeIfAbsent(name, queue -> new Series()),
                    samples.atMs(),
                    sample.view(),
                    lateness.apply(name)));
  }

  /**
   * Jobs of a queue that died in the last minutes, as far as somebody looked.
   *
   * @param diedEver as of now
   */
  synchronized long diedLately(String queue, long nowMs, long diedEver) {
    Series series = byQueue.get(queue);
    return series == null ? 0 : series.diedLately(nowMs, diedEver);
  }

  /** The points of a queue as JSON, for a chart. */
  public synchronized String json(String queue, long nowMs) {
    Series series = byQueue.get(queue);
    List<Series.Point> points = series == null ? List.of() : series.points(nowMs);
    StringBuilder json = new StringBuilder("{");
    list(json, "times", points, point -> Long.toString(point.atMs()));
    json.append(',');
    list(json, "delivered", points, point -> rate(point.delivered()));
    json.append(',');
    list(json, "acked", points, point -> rate(point.acked()));
    json.append(',');
    list(json, "pending", points, point -> Integer.toString(point.pending()));
    json.append(',');
    list(json, "due", points, point -> Integer.toString(point.due()));
    json.append(',');
    list(json, "dead", points, point -> Integer.toString(point.dead()));
    json.append(',');
    list(json, "half", points, point -> late(point.halfMs()));
    json.append(',');
    list(json, "most", points, point -> late(point.mostMs()));
    return json.append('}').toString();
  }

  private static void list(
      StringBuilder json,
      String name,
      List<Series.Point> points,
      Function<Series.Point, String> value) {
    json.append('"').append(name).append("\":[");
    for (int i = 0; i < points.size(); i++) {
      json.append(i == 0 ? "" : ",").append(value.apply(points.get(i)));
    }
    json.append(']');
  }

  private static String rate(int jobs) {
    return jobs < 0 ? "null" : Double.toString(jobs * 1_000.0 / Series.STEP_MS);
  }

  private static String late(int ms) {
    return ms < 0 ? "null" : Integer.toString(ms);
  }

  private static void add(Series series, long atMs, QueueView view, @Nullable Lateness lateness) {
    series.add(
        atMs,
        view.total(Totals::dispatched),
        view.total(Totals::acked),
        view.total(Totals::died),
        new long[] {
          view.sum(ShardStats::pending), view.sum(ShardStats::due), view.sum(ShardStats::dead)
        },
        lateness);
  }
}
