package dev.dueline.console.view;

import dev.dueline.console.text.Moment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page {@code queue.html}.
 *
 * @param ranges the choices of the timeline
 * @param bars what falls due in the range that is chosen
 * @param historyUrl the last hour as JSON
 * @param overdue pending jobs that were due when the range begins
 * @param unanswered replicas that did not say who watches there
 * @param hasMoreWatchers whether not all are shown
 * @param purge under way or over here, lately; null: none
 */
public record QueueDetails(
    QueueRow row,
    Rights may,
    List<Problem> problems,
    List<Link> ranges,
    List<Bar> bars,
    String historyUrl,
    long overdue,
    Limits limits,
    Totals totals,
    int shards,
    List<String> streamKeys,
    List<WatcherRow> watchers,
    List<String> unanswered,
    boolean hasMoreWatchers,
    @Nullable PurgeProgress purge) {

  /** A choice. */
  public record Link(String text, String href, boolean isChosen) {}

  /**
   * A part of the timeline.
   *
   * @param href the list of these jobs
   * @param percent of the highest bar, 0 to 100
   */
  public record Bar(Moment from, Moment until, long count, int percent, String href) {}

  /** The limits in force, as numbers to put into a form; 0: none. */
  public record Limits(String dispatchesPerSecond, int maxOutstanding, long maxPending) {}

  /** Jobs since the queue was created. */
  public record Totals(
      long scheduled,
      long dispatched,
      long acked,
      long retried,
      long died,
      long canceled,
      long expired,
      long droppedDead) {}

  /**
   * A watcher.
   *
   * @param acted how long ago it acknowledged, gave back or extended a job; empty: never
   * @param isPassedOver whether it let a lease run out and did not act since
   */
  public record WatcherRow(
      String name,
      String replica,
      int number,
      String since,
      String acted,
      int credit,
      int outstanding,
      int maxOutstanding,
      boolean isPassedOver,
      boolean isLeaving) {}

  /** How far a purge has come. */
  public record PurgeProgress(
      String state, long purged, long remaining, boolean isOver, String failure) {}
}
