package dev.dueline.grpc.queue;

import dev.dueline.job.QueueLimits;
import dev.dueline.job.Shard;
import dev.dueline.store.QueueLayout;
import dev.dueline.store.QueueStore;
import dev.dueline.v1.PauseQueueRequest;
import dev.dueline.v1.PauseQueueResponse;
import dev.dueline.v1.ResumeQueueRequest;
import dev.dueline.v1.ResumeQueueResponse;
import dev.dueline.v1.SetQueueLimitsRequest;
import dev.dueline.v1.SetQueueLimitsResponse;
import io.smallrye.mutiny.CompositeException;
import io.smallrye.mutiny.Uni;
import java.util.function.Function;

/**
 * PauseQueue, ResumeQueue and SetQueueLimits. What is set is kept with each shard, where the
 * scripts obey it from that moment on; a call that was cut off may have reached some shards only,
 * and is repeated.
 */
final class QueueControl {
  private final QueueChecks checks;
  private final Queues queues;
  private final QueueStore store;

  QueueControl(QueueChecks checks, Queues queues, QueueStore store) {
    this.checks = checks;
    this.queues = queues;
    this.store = store;
  }

  Uni<PauseQueueResponse> pause(PauseQueueRequest request) {
    return queues
        .named(request.getQueue())
        .chain(layout -> eachShard(layout, shard -> store.pause(shard, true)))
        .replaceWith(PauseQueueResponse.getDefaultInstance());
  }

  Uni<ResumeQueueResponse> resume(ResumeQueueRequest request) {
    return queues
        .named(request.getQueue())
        .chain(layout -> eachShard(layout, shard -> store.pause(shard, false)))
        .replaceWith(ResumeQueueResponse.getDefaultInstance());
  }

  Uni<SetQueueLimitsResponse> limit(SetQueueLimitsRequest request) {
    checks.limits(request);
    QueueLimits whole = QueueMapping.limits(request.getLimits());
    return queues
        .named(request.getQueue())
        .invoke(layout -> checks.divisible(request.getLimits(), layout))
        .call(
            layout ->
                eachShard(
                    layout,
                    shard ->
                        store.limit(shard, whole, whole.share(shard.index(), layout.shardCount()))))
        .chain(queues::read)
        .map(queue -> SetQueueLimitsResponse.newBuilder().setQueue(queue).build());
  }

  /** Every shard is tried; fails as the first that did. */
  private static Uni<Void> eachShard(QueueLayout layout, Function<Shard, Uni<Void>> call) {
    return Uni.join()
        .all(layout.shards().stream().map(call).toList())
        .andCollectFailures()
        .onFailure(CompositeException.class)
        .transform(failures -> ((CompositeException) failures).getCauses().get(0))
        .replaceWithVoid();
  }
}
