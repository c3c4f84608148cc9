package dev.dueline.store.redis.topology;

import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * How long exchanges with servers may take. Nearly all end in time, so what counts is what it costs
 * to set a limit and to lift it again: a timing wheel (Varghese and Lauck, 1987) does both in
 * constant time and wakes no thread for it, and one that is a tick late does no harm. What is too
 * late fails on a thread of the pool, since thousands may be at once. Thread-safe.
 */
final class TimeLimits implements AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(100);

  /** Twenty-five seconds: nearly all limits are over within one round of the wheel. */
  private static final int TICKS = 256;

  private static final boolean IS_LEAK_SOUGHT = false;

  private static final long NO_BOUND = 0;

  private final HashedWheelTimer timer =
      new HashedWheelTimer(
          new DefaultThreadFactory("dueline-redis-limits", true),
          TICK.toMillis(),
          TimeUnit.MILLISECONDS,
          TICKS,
          IS_LEAK_SOUGHT,
          NO_BOUND,
          Infrastructure.getDefaultExecutor());

  /** The same, but it fails when the time is over, or up to a tenth of a second later. */
  <T> Uni<T> within(Duration limit, Uni<T> exchange, Supplier<Throwable> tooLate) {
    return Uni.createFrom().emitter(emitter -> begin(limit, exchange, tooLate, emitter));
  }

  private <T> void begin(
      Duration limit, Uni<T> exchange, Supplier<Throwable> tooLate, UniEmitter<? super T> emitter) {
    Timeout timeout =
        timer.newTimeout(
            over -> emitter.fail(tooLate.get()), limit.toNanos(), TimeUnit.NANOSECONDS);
    Cancellable underWay = exchange.subscribe().with(emitter::complete, emitter::fail);
    emitter.onTermination(
        () -> {
          timeout.cancel();
          underWay.cancel();
        });
  }

  /** Nothing more is to be limited. */
  @Override
  public void close() {
    timer.stop();
  }
}
