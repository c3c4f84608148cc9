package dev.dueline.delivery.watch;

import dev.dueline.delivery.DeliveryContext;
import dev.dueline.delivery.lease.Expirer;
import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.lease.LostClaims;
import dev.dueline.delivery.observer.WakeSource;
import dev.dueline.delivery.shard.Misses;
import dev.dueline.delivery.shard.Sweeper;
import dev.dueline.delivery.shard.WakeTimer;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.delivery.time.StoreClock;
import dev.dueline.job.Delivery;
import dev.dueline.job.Shard;
import dev.dueline.store.Announcements.HeadNews;
import dev.dueline.store.Claim;
import dev.dueline.store.Slots;
import dev.dueline.store.StoreUnavailableException;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The loop of one shard: wait, claim what credit allows, hand over. It has at most one claim under
 * way, sleeps until exactly the next due time, and never asks for what nobody can take.
 */
final class Poller {
  private static final long FIRST_BACKOFF_MS = 20;

  /** Jobs go on so soon once the store is back. */
  private static final long LONGEST_BACKOFF_MS = 250;

  private final Shard shard;
  private final WatchedQueue queue;
  private final DeliveryContext context;
  private final StoreClock clock;
  private final WakeTimer wakeTimer = new WakeTimer();
  private final Misses misses = new Misses();
  private final Alarm alarm;
  private final Alarm backstop;
  private final Expirer expirer;
  private final LostClaims lostClaims;
  private final Sweeper sweeper;
  private final Cancellable announcements;

  private boolean isClaiming;
  private @Nullable WakeSource again;
  private boolean isStarved;
  private int failures;
  private @Nullable Throwable failure;

  Poller(Shard shard, WatchedQueue queue, DeliveryContext context, Leases leases, Sweeper sweeper) {
    this.shard = shard;
    this.queue = queue;
    this.context = context;
    this.clock = new StoreClock(context.loop());
    this.alarm = new Alarm(context.loop());
    this.backstop = new Alarm(context.loop());
    this.expirer = new Expirer(shard, context, leases, clock);
    this.lostClaims = new LostClaims(shard, context, clock);
    this.sweeper = sweeper;
    sweeper.add(shard);
    this.announcements =
        context
            .announcements()
            .heads(shard)
            .subscribe()
            .with(news -> context.loop().execute(() -> heard(news)));
  }

  /** Asks the store, now or as soon as the claim under way is back, if anyone can take a job. */
  void wake(WakeSource source) {
    if (!queue.hasWatchers()) {
      return;
    }
    if (isClaiming) {
      again = source;
      return;
    }
    Reservation reservation = queue.reserve(context.settings().claimCap());
    boolean isLook = source == WakeSource.BACKSTOP || source == WakeSource.LISTENING;
    if (reservation.isEmpty() && !isLook) {
      isStarved = true;
      return;
    }
    claim(source, reservation);
  }

  /** Whether due jobs are known to wait here, and the store can be asked for them. */
  boolean isHungry() {
    return failure == null && isDue();
  }

  /** Whether due jobs wait here for want of credit. */
  boolean isStarved() {
    return isStarved;
  }

  /** Whether the store has been asked and what is due may not be known yet. */
  boolean isBusy() {
    return isClaiming || again != null || isHungry();
  }

  /** Why the store cannot be asked, or null. */
  @Nullable Throwable failure() {
    return failure;
  }

  /**
   * Nobody watches: sleeps, but goes on listening, and ends leases that run out. Callers that pull
   * without waiting are gone before a lease that ran out could be ended for them.
   */
  void rest() {
    alarm.cancel();
    backstop.cancel();
    isStarved = false;
    again = null;
  }

  /** Never wakes again. */
  void close() {
    rest();
    if (failure != null) {
      failure = null;
      context.observer().storeRecovered(shard);
    }
    expirer.close();
    lostClaims.close();
    sweeper.remove(shard);
    announcements.cancel();
  }

  private boolean isDue() {
    return wakeTimer.targetMs() != Claim.NONE && clock.nanosUntil(wakeTimer.targetMs()) <= 0;
  }

  private void heard(HeadNews news) {
    if (news instanceof HeadNews.Announced announced) {
      wakeTimer.announced(announced.dueMs());
      if (!isClaiming && failure == null) {
        sleep(WakeSource.ANNOUNCEMENT);
      }
    } else {
      wake(WakeSource.LISTENING);
    }
  }

  private void claim(WakeSource source, Reservation reservation) {
    isClaiming = true;
    isStarved = false;
    alarm.cancel();
    long expectedMs = wakeTimer.targetMs();
    wakeTimer.claimSent();
    Slots slots = reservation.slots(context.random().nextLong(), lostClaims.deadlineMs());
    context
        .store()
        .claim(shard, slots)
        .subscribe()
        .with(
            claim -> context.loop().execute(() -> replied(source, expectedMs, reservation, claim)),
            problem -> context.loop().execute(() -> failed(reservation, slots, problem)));
  }

  private void replied(WakeSource source, long expectedMs, Reservation reservation, Claim claim) {
    isClaiming = false;
    clock.observe(claim.nowUs(), claim.nextDueMs());
    if (failure != null) {
      failure = null;
      failures = 0;
      context.observer().storeRecovered(shard);
      lostClaims.look();
      sweeper.recovered(shard, claim.nowUs() / 1_000);
    }
    context.observer().claimed(shard, source, claim);
    countMissed(source, expectedMs, claim);
    wakeTimer.replied(claim.nextDueMs());
    expirer.replied(claim.nextExpiryMs());
    if (claim.hold() == Claim.Hold.STREAM) {
      // First, or who pulls without waiting would take it for a queue where nothing is due.
      queue.refuse();
    }
    reservation.settle(claim.deliveries(), clock);
    if (!queue.hasWatchers()) {
      rest();
      return;
    }
    armBackstop();
    sleep(WakeSource.TIMER);
    queue.offerCredit(reservation.watchers());
  }

  /** Sleeps until the next job is due, or not at all. */
  private void sleep(WakeSource source) {
    WakeSource missed = again;
    again = null;
    if (missed != null) {
      wake(missed);
    } else if (isDue()) {
      wake(source == WakeSource.TIMER ? WakeSource.CREDIT : source);
    } else if (wakeTimer.targetMs() != Claim.NONE && queue.hasWatchers()) {
      alarm.set(
          Duration.ofNanos(clock.nanosUntil(wakeTimer.targetMs())), () -> wake(WakeSource.TIMER));
    }
  }

  private void countMissed(WakeSource source, long expectedMs, Claim claim) {
    int missed =
        misses.count(
            source,
            Math.min(expectedMs, wakeTimer.announcedSinceClaimMs()),
            claim.nowUs(),
            claim.hold() != Claim.Hold.NONE,
            claim.deliveries().stream()
                .filter(job -> job.attempt() == 1)
                .mapToLong(Delivery::dueMs));
    if (missed > 0) {
      context.observer().backstopFoundOverdue(shard, missed);
    }
  }

  private void failed(Reservation reservation, Slots slots, Throwable problem) {
    isClaiming = false;
    if (problem instanceof StoreUnavailableException) {
      lostClaims.add(slots);
    }
    again = null;
    if (failure == null) {
      context.observer().storeFailed(shard, problem);
    }
    failure = problem;
    failures++;
    reservation.settle(List.of(), clock);
    queue.offerCredit(reservation.watchers());
    long backoffMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS << Math.min(failures, 10));
    backstop.set(jittered(Duration.ofMillis(backoffMs)), () -> wake(WakeSource.LISTENING));
  }

  private void armBackstop() {
    backstop.set(jittered(context.settings().backstop()), () -> wake(WakeSource.BACKSTOP));
  }

  /** Spread over the upper half, so that replicas do not ask in step. */
  private Duration jittered(Duration most) {
    return Duration.ofNanos(Math.round(most.toNanos() * (0.5 + context.random().nextDouble() / 2)));
  }
}
