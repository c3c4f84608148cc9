package dev.dueline.store.call;

import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import java.util.Arrays;
import java.util.List;

/**
 * Jobs in order of their {@link Position}.
 *
 * @param hasMore whether jobs follow; a page can end early to stay small in bytes
 */
public record JobPage(List<JobView> jobs, boolean hasMore) {

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
