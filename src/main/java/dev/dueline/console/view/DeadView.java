package dev.dueline.console.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page {@code dead.html}: a page of dead jobs, those dead the longest first, by failure.
 *
 * @param queue empty: none is chosen yet
 * @param total dead jobs in the queue
 * @param groups of the jobs on this page, the largest first
 * @param next the URL of the next page; null: this is the last one
 */
public record DeadView(
    String queue, Rights may, long total, List<Group> groups, @Nullable String next) {
  /** Jobs that died alike. */
  public record Group(String failure, List<JobRow> jobs) {}
}
