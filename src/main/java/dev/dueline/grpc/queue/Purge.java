package dev.dueline.grpc.queue;

import dev.dueline.grpc.failure.GrpcFailures;
import dev.dueline.job.JobState;
import dev.dueline.job.Shard;
import dev.dueline.store.JobStore;
import dev.dueline.store.QueueStore;
import dev.dueline.store.QueueStore.Purged;
import dev.dueline.store.ShardStats;
import dev.dueline.v1.PurgeQueueResponse;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * One PurgeQueue under way: a bounded step at a time, shard after shard, until as many jobs are
 * deleted as there were when it began, or the caller has gone. What comes in meanwhile is not
 * chased.
 */
final class Purge {
  /** Between two words of progress. */
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final QueueStore store;
  private final JobState state;
  private final ServerCallStreamObserver<PurgeQueueResponse> caller;
  private final Deque<Part> parts = new ArrayDeque<>();
  private long purged;
  private long toldNanos = System.nanoTime();

  /** A shard, and how many of its jobs are still to be deleted. */
  private record Part(Shard shard, long remaining) {}

  Purge(QueueStore store, JobState state, ServerCallStreamObserver<PurgeQueueResponse> caller) {
    this.store = store;
    this.state = state;
    this.caller = caller;
  }

  /** Begins; the stats are those of the shards, in their order. */
  void begin(List<Shard> shards, List<ShardStats> stats) {
    for (int i = 0; i < shards.size(); i++) {
      ShardStats counted = stats.get(i);
      long count = state == JobState.DEAD ? counted.dead() : counted.pending();
      parts.add(new Part(shards.get(i), count));
    }
    next();
  }

  private void next() {
    while (!parts.isEmpty() && parts.element().remaining <= 0) {
      parts.remove();
    }
    if (caller.isCancelled()) {
      return;
    }
    if (parts.isEmpty()) {
      tell();
      caller.onCompleted();
      return;
    }
    Part part = parts.remove();
    int most = (int) Math.min(JobStore.MAX_BATCH, part.remaining);
    store
        .purge(part.shard, state, most)
        .subscribe()
        .with(step -> deleted(part, step), this::failed);
  }

  private void deleted(Part part, Purged step) {
    purged += step.deleted();
    long remaining =
        step.deleted() == 0 ? 0 : Math.min(part.remaining - step.deleted(), step.left());
    parts.addFirst(new Part(part.shard, remaining));
    if (System.nanoTime() - toldNanos >= PAUSE.toNanos() && caller.isReady()) {
      tell();
    }
    next();
  }

  private void tell() {
    toldNanos = System.nanoTime();
    caller.onNext(
        PurgeQueueResponse.newBuilder()
            .setPurgedJobs(purged)
            .setRemainingJobs(parts.stream().mapToLong(Part::remaining).sum())
            .build());
  }

  private void failed(Throwable thrown) {
    if (!caller.isCancelled()) {
      caller.onError(GrpcFailures.of(thrown).toException());
    }
  }
}
