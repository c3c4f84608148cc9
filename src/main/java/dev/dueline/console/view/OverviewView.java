package dev.dueline.console.view;

import dev.dueline.console.text.Moment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page {@code overview.html}.
 *
 * @param problems the worst first
 * @param totals of all queues that are sampled
 * @param queues in the order of their names
 * @param prefix that was asked for; may be empty
 * @param next the URL of the next page of queues; null: this is the last one
 * @param sampled when the queues were looked at
 * @param isPartial whether there are more queues than are sampled, or were until now
 */
public record OverviewView(
    List<Problem> problems,
    Totals totals,
    List<QueueRow> queues,
    String prefix,
    @Nullable String next,
    Moment sampled,
    boolean isPartial) {
  /**
   * All queues together.
   *
   * @param deliveriesPerSecond null: it takes two samples to tell
   */
  public record Totals(
      long queues,
      long pending,
      long due,
      long leased,
      long dead,
      @Nullable String deliveriesPerSecond) {}
}
