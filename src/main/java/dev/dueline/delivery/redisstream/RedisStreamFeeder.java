package dev.dueline.delivery.redisstream;

import dev.dueline.delivery.DeliveryContext;
import dev.dueline.delivery.lease.Expirer;
import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.observer.RedisStreamState;
import dev.dueline.delivery.observer.WakeSource;
import dev.dueline.delivery.shard.Misses;
import dev.dueline.delivery.shard.Sweeper;
import dev.dueline.delivery.shard.WakeTimer;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.delivery.time.StoreClock;
import dev.dueline.job.Shard;
import dev.dueline.store.Announcements.HeadNews;
import dev.dueline.store.Claim;
import dev.dueline.store.Fed;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;

/**
 * Moves the jobs of one shard to its stream the moment they fall due: waits as a Poller does, but
 * for no credit. Every replica does so; whoever comes first moves them, and the others find
 * nothing.
 */
final class RedisStreamFeeder {
  private static final Duration BACKOFF = Duration.ofMillis(250);

  private final Shard shard;
  private final DeliveryContext context;
  private final StoreClock clock;
  private final WakeTimer wakeTimer = new WakeTimer();
  private final Misses misses = new Misses();
  private final Alarm alarm;
  private final Alarm backstop;
  private final Expirer expirer;
  private final Sweeper sweeper;
  private final Cancellable announcements;

  private boolean isFeeding;
  private boolean isAskedAgain;
  private boolean isClosed;
  private boolean isStream = true;
  private RedisStreamState state = RedisStreamState.NONE;
  private boolean isFailing;

  RedisStreamFeeder(Shard shard, DeliveryContext context, Leases leases, Sweeper sweeper) {
    this.shard = shard;
    this.context = context;
    this.clock = new StoreClock(context.loop());
    this.alarm = new Alarm(context.loop());
    this.backstop = new Alarm(context.loop());
    this.expirer = new Expirer(shard, context, leases, clock);
    this.sweeper = sweeper;
    this.announcements =
        context
            .announcements()
            .heads(shard)
            .subscribe()
            .with(news -> context.loop().execute(() -> heard(news)));
  }

  /** Whether the shard said last that its jobs go to a stream. */
  boolean isStream() {
    return isStream;
  }

  /** Moves no more jobs. */
  void close() {
    isClosed = true;
    alarm.cancel();
    backstop.cancel();
    expirer.close();
    announcements.cancel();
    if (isFailing) {
      context.observer().storeRecovered(shard);
    }
    become(RedisStreamState.NONE);
  }

  private void heard(HeadNews news) {
    if (news instanceof HeadNews.Announced announced) {
      wakeTimer.announced(announced.dueMs());
      if (!isFeeding && !isFailing) {
        sleep(WakeSource.ANNOUNCEMENT);
      }
    } else {
      feed(WakeSource.LISTENING);
    }
  }

  private void feed(WakeSource source) {
    if (isClosed) {
      return;
    }
    if (isFeeding) {
      isAskedAgain = true;
      return;
    }
    isFeeding = true;
    alarm.cancel();
    long expectedMs = wakeTimer.targetMs();
    wakeTimer.claimSent();
    context
        .streams()
        .feed(shard, context.settings().claimCap())
        .subscribe()
        .with(
            fed -> context.loop().execute(() -> replied(source, expectedMs, fed)),
            problem -> context.loop().execute(() -> failed(problem)));
  }

  private void replied(WakeSource source, long expectedMs, Fed fed) {
    isFeeding = false;
    clock.observe(fed.nowUs(), fed.nextMs());
    if (isFailing) {
      isFailing = false;
      context.observer().storeRecovered(shard);
      sweeper.recovered(shard, fed.nowUs() / 1_000);
    }
    isStream = fed.isStream();
    context.observer().fed(shard, source, fed);
    countMissed(source, expectedMs, fed);
    wakeTimer.replied(fed.nextMs());
    if (isClosed) {
      return;
    }
    become(next(fed));
    expirer.replied(fed.nextExpiryMs());
    backstop.set(jittered(context.settings().backstop()), () -> feed(WakeSource.BACKSTOP));
    if (isAskedAgain) {
      isAskedAgain = false;
      feed(WakeSource.LISTENING);
    } else if (isStream) {
      sleep(WakeSource.TIMER);
    }
  }

  private void countMissed(WakeSource source, long expectedMs, Fed fed) {
    int missed =
        misses.count(
            source,
            Math.min(expectedMs, wakeTimer.announcedSinceClaimMs()),
            fed.nowUs(),
            fed.hold() != Fed.Hold.NONE,
            fed.dueMs().stream().mapToLong(Long::longValue));
    if (missed > 0) {
      context.observer().backstopFoundOverdue(shard, missed);
    }
  }

  /** A stream that is full counts as such until all that is due went there. */
  private RedisStreamState next(Fed fed) {
    if (!fed.isStream()) {
      return RedisStreamState.NONE;
    }
    boolean isDue = fed.nextMs() != Claim.NONE && fed.nextMs() * 1_000 <= fed.nowUs();
    boolean isBehind = isDue || fed.hold() != Fed.Hold.NONE;
    return fed.hold() == Fed.Hold.FULL || (state == RedisStreamState.FULL && isBehind)
        ? RedisStreamState.FULL
        : RedisStreamState.OPEN;
  }

  private void become(RedisStreamState next) {
    if (next != state) {
      context.observer().streamChanged(shard, state, next);
      state = next;
    }
  }

  private void sleep(WakeSource source) {
    if (wakeTimer.targetMs() == Claim.NONE || isClosed) {
      return;
    }
    long nanos = clock.nanosUntil(wakeTimer.targetMs());
    if (nanos <= 0) {
      feed(source);
    } else {
      alarm.set(Duration.ofNanos(nanos), () -> feed(WakeSource.TIMER));
    }
  }

  private void failed(Throwable problem) {
    isFeeding = false;
    isAskedAgain = false;
    if (isClosed) {
      return;
    }
    if (!isFailing) {
      isFailing = true;
      context.observer().storeFailed(shard, problem);
    }
    backstop.set(jittered(BACKOFF), () -> feed(WakeSource.LISTENING));
  }

  /** Spread over the upper half, so that replicas do not ask in step. */
  private Duration jittered(Duration most) {
    return Duration.ofNanos(Math.round(most.toNanos() * (0.5 + context.random().nextDouble() / 2)));
  }
}
