package dev.dueline.delivery.lease;

import dev.dueline.delivery.DeliveryContext;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.job.LeaseToken;
import dev.dueline.store.Release;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Jobs on their way back to the store. While it cannot be reached they are sent again, until their
 * leases have run out anyway or the loop ends; the stamps make a repeat harmless.
 */
public final class ReleaseRetry {
  private static final long FIRST_BACKOFF_MS = 20;
  private static final long LONGEST_BACKOFF_MS = 500;

  private final Map<LeaseToken, Release> releases;
  private final DeliveryContext context;
  private final Runnable onOver;
  private final Alarm alarm;
  private final long untilNanos;
  private int failures;

  /**
   * Not sent yet.
   *
   * @param longest how long the leases may last
   * @param onOver called once the jobs are back, or will come back by themselves
   */
  public ReleaseRetry(
      Map<LeaseToken, Release> releases,
      Duration longest,
      DeliveryContext context,
      Runnable onOver) {
    this.releases = releases;
    this.context = context;
    this.onOver = onOver;
    this.alarm = new Alarm(context.loop());
    this.untilNanos = context.loop().nanoTime() + longest.toNanos();
  }

  public void send() {
    ShardCalls.perShard(
            List.copyOf(releases.keySet()),
            LeaseToken::shard,
            (shard, part) ->
                context.store().release(shard, part.stream().map(releases::get).toList(), true))
        .subscribe()
        .with(
            done -> context.loop().execute(onOver),
            failure -> context.loop().execute(() -> failed(failure)));
  }

  private void failed(Throwable failure) {
    long backoffMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS << Math.min(failures, 10));
    failures++;
    Duration backoff = Duration.ofMillis(backoffMs);
    boolean isInTime = context.loop().nanoTime() + backoff.toNanos() - untilNanos < 0;
    if (failure instanceof StoreUnavailableException && isInTime) {
      alarm.set(backoff, this::send);
    } else {
      context.observer().leaseCallFailed(failure);
      onOver.run();
    }
  }
}
