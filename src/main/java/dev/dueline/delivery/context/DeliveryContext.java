package dev.dueline.delivery.context;

import dev.dueline.delivery.time.EventLoop;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Where a part of delivery runs.
 *
 * @param replica names this replica among all, for as long as it lives
 * @param random for jitter, and for nonces that nobody must guess; used on the loop only
 */
public record DeliveryContext(
    long replica, EventLoop loop, RandomGenerator random, DeliveryObserver observer) {

  /** Makes a call, and goes on with its result, or its failure, on the loop. */
  public <T> void call(Uni<T> call, Consumer<T> onItem, Consumer<Throwable> onFailure) {
    call.subscribe()
        .with(
            item -> loop.execute(() -> onItem.accept(item)),
            failure -> loop.execute(() -> onFailure.accept(failure)));
  }

  /** A time in the upper half of one, so that replicas do not act in step. */
  public Duration jittered(Duration max) {
    return Duration.ofNanos(Math.round(max.toNanos() * (0.5 + random.nextDouble() / 2)));
  }
}
