package dev.dueline.grpc.queue;

import dev.dueline.grpc.failure.GrpcFailures;
import dev.dueline.grpc.failure.RefusedException;
import dev.dueline.job.Shard;
import dev.dueline.store.QueueLayout;
import dev.dueline.store.QueueStore;
import dev.dueline.store.ShardStats;
import dev.dueline.store.StreamStore;
import dev.dueline.store.StreamTarget;
import dev.dueline.v1.SetQueueDeliveryRequest;
import dev.dueline.v1.SetQueueDeliveryResponse;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * SetQueueDelivery. Each shard keeps what holds for it; where one is refused, the others are set
 * back. A call that was cut off may have reached some shards only, and is repeated.
 */
final class Redirecting {
  private final QueueChecks checks;
  private final Queues queues;
  private final QueueStore store;
  private final StreamStore streams;

  Redirecting(QueueChecks checks, Queues queues, QueueStore store, StreamStore streams) {
    this.checks = checks;
    this.queues = queues;
    this.store = store;
    this.streams = streams;
  }

  Uni<SetQueueDeliveryResponse> deliver(SetQueueDeliveryRequest request) {
    checks.delivery(request);
    StreamTarget target = QueueMapping.target(request.getDelivery());
    return queues
        .named(request.getQueue())
        .call(layout -> target == null ? toWatchers(layout) : toStreams(layout, target))
        .chain(queues::read)
        .map(queue -> SetQueueDeliveryResponse.newBuilder().setQueue(queue).build());
  }

  private Uni<Void> toWatchers(QueueLayout layout) {
    return set(layout, null).chain(() -> streams.leave(layout.queue()));
  }

  /** Replicas look at the queue first: what is delivered to a stream must not wait for them. */
  private Uni<Void> toStreams(QueueLayout layout, StreamTarget target) {
    return streams
        .queues()
        .invoke(
            known -> {
              if (known.size() >= StreamStore.MAX_QUEUES && !known.contains(layout.queue())) {
                throw new RefusedException(GrpcFailures.tooManyStreams());
              }
            })
        .chain(() -> streams.enter(layout.queue()))
        .chain(() -> set(layout, target));
  }

  private Uni<Void> set(QueueLayout layout, @Nullable StreamTarget target) {
    return each(layout, store::stats)
        .chain(
            before ->
                each(layout, shard -> streams.deliver(shard, target))
                    .chain(done -> done.contains(false) ? undo(layout, before, done) : nothing()));
  }

  private Uni<Void> undo(QueueLayout layout, List<ShardStats> before, List<Boolean> done) {
    List<Uni<Boolean>> calls =
        IntStream.range(0, done.size())
            .filter(done::get)
            .mapToObj(i -> streams.deliver(layout.shards().get(i), before.get(i).stream()))
            .toList();
    boolean wasStream = before.stream().anyMatch(shard -> shard.stream() != null);
    return (calls.isEmpty() ? nothing() : Uni.join().all(calls).andFailFast().replaceWithVoid())
        .chain(() -> wasStream ? nothing() : streams.leave(layout.queue()))
        .chain(
            () ->
                Uni.createFrom()
                    .failure(new RefusedException(GrpcFailures.jobsLeased(layout.queue()))));
  }

  private static <T> Uni<List<T>> each(QueueLayout layout, Function<Shard, Uni<T>> call) {
    return Uni.join().all(layout.shards().stream().map(call).toList()).andFailFast();
  }

  private static Uni<Void> nothing() {
    return Uni.createFrom().voidItem();
  }
}
