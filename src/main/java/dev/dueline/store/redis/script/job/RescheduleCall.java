package dev.dueline.store.redis.script.job;

import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.Shard;
import dev.dueline.store.call.Rescheduled;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.util.Optional;

/**
 * Moves a job that is waiting or dead to another due time; empty: it is over, and is to be ended
 * first.
 *
 * @param dueMs due time, or from now if it is a delay
 */
public record RescheduleCall(Shard shard, JobId id, boolean isDelay, long dueMs)
    implements ShardCall<Optional<Rescheduled>> {
  /** A call that moves the job to this time. */
  public static RescheduleCall of(Shard shard, JobId id, Due due) {
    return new RescheduleCall(shard, id, due instanceof Due.After, due.ms());
  }

  @Override
  public Script script() {
    return Script.RESCHEDULE;
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(id).add(isDelay).add(dueMs);
  }

  @Override
  public Optional<Rescheduled> read(Reply reply) {
    Optional<Rescheduled.Outcome> outcome = reply.codeUnlessOver(Rescheduled.Outcome.values());
    long dueMs = reply.number();
    return outcome.map(each -> new Rescheduled(each, dueMs));
  }
}
