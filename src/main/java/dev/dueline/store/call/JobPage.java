package dev.dueline.store.call;

import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Jobs in order of their {@link Position}.
 *
 * @param hasMore whether jobs follow; a page can end early to stay small in bytes, or be empty
 *     where none of the jobs that it looked for was there any longer
 * @param end the last place that it looked at, behind which the next page begins; null: none
 */
public record JobPage(List<JobView> jobs, boolean hasMore, @Nullable Position end) {

  /** A page that looked at its jobs alone. */
  public JobPage(List<JobView> jobs, boolean hasMore) {
    this(jobs, hasMore, jobs.isEmpty() ? null : Position.of(jobs.get(jobs.size() - 1)));
  }

  /** The place of a job in a list: by time, then by the bytes of its id. */
  public record Position(long ms, JobId id) implements Comparable<Position> {
    /** The place of a job among those of its state. */
    public static Position of(JobView view) {
      long ms = view.state() == JobState.DEAD ? view.stateMs() : view.dueMs();
      return new Position(ms, view.job().id());
    }

    @Override
    public int compareTo(Position other) {
      int byTime = Long.compare(ms, other.ms);
      return byTime != 0 ? byTime : Arrays.compareUnsigned(id.bytes(), other.id.bytes());
    }
  }
}
