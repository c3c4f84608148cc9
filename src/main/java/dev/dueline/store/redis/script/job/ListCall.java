package dev.dueline.store.redis.script.job;

import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.Shard;
import dev.dueline.store.call.JobPage.Position;
import dev.dueline.store.call.ListQuery;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lists a part of one index in order of score, then id.
 *
 * @param fromMs lowest score
 * @param toMs score to stop before
 * @param afterMs where to begin: after this score, -1 from the start
 * @param afterId and after this id; null: from the start
 */
public record ListCall(
    Shard shard,
    JobState state,
    long fromMs,
    long toMs,
    long afterMs,
    @Nullable JobId afterId,
    int most)
    implements ShardCall<ListCall.Listed> {
  /**
   * Where a job stands.
   *
   * @param position its score in the index
   * @param dueMs of its delivery; -1: it has none
   */
  public record Place(Position position, long dueMs) {}

  /**
   * What was found.
   *
   * @param places but for those of ids that nobody can read
   * @param isFull whether there may be more
   */
  public record Listed(List<Place> places, boolean isFull) {}

  /** A call that begins after a position, null: from the start. */
  public static ListCall of(Shard shard, ListQuery query, @Nullable Position after, int most) {
    return new ListCall(
        shard,
        query.state(),
        query.fromMs(),
        query.toMs(),
        after == null ? -1 : after.ms(),
        after == null ? null : after.id(),
        most);
  }

  @Override
  public Script script() {
    return Script.LIST;
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(state).add(fromMs).add(toMs).add(afterMs);
    if (afterId == null) {
      arguments.add("");
    } else {
      arguments.add(afterId);
    }
    arguments.add(most);
  }

  @Override
  public Listed read(Reply reply) {
    List<Place> places =
        reply.readableRows(() -> place(reply.jobIdIfReadable(), reply.number(), reply.number()));
    return new Listed(places, places.size() + reply.leftOut() >= most);
  }

  private static Optional<Place> place(Optional<JobId> found, long score, long dueMs) {
    return found.map(id -> new Place(new Position(score, id), dueMs));
  }
}
