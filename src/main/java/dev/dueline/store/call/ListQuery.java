package dev.dueline.store.call;

import dev.dueline.job.JobState;
import dev.dueline.store.call.JobPage.Position;
import org.jspecify.annotations.Nullable;

/**
 * Asks for one page of one shard.
 *
 * @param fromMs lowest due time (of death, for dead jobs), inclusive
 * @param toMs highest, exclusive
 * @param after where the last page ended; null: from the start
 * @param size most jobs, 1 to 1,000
 */
public record ListQuery(
    JobState state,
    long fromMs,
    long toMs,
    @Nullable Position after,
    int size,
    boolean withPayload) {

  /** The same list, from behind that place on. */
  public ListQuery behind(@Nullable Position place) {
    return new ListQuery(state, fromMs, toMs, place, size, withPayload);
  }
}
