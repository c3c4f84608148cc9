package dev.dueline.delivery.shard;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.context.WakeSource;
import dev.dueline.delivery.lease.Expirer;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.delivery.time.Backoff;
import dev.dueline.delivery.time.Rotation;
import dev.dueline.delivery.time.StoreClock;
import dev.dueline.job.Shard;
import dev.dueline.store.Announcements;
import dev.dueline.store.Announcements.HeadNews;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.DueReply;
import dev.dueline.store.failure.StaleLayoutException;
import dev.dueline.store.failure.StoreDataException;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The loop of one shard: sleeps until exactly its next due time, asks the store for what the {@link
 * Outlet} takes, and hands it over. It has at most one call under way, and never asks for what
 * nobody can take.
 */
public final class ShardLoop {
  /**
   * So long after a call of a shard another may follow, in case an announcement was lost; the real
   * time is spread over its upper half.
   */
  private static final Duration BACKSTOP = Duration.ofSeconds(1);

  private static final Duration FIRST_BACKOFF = Duration.ofMillis(40);

  /** Jobs go on so soon once the store is back. */
  private static final Duration MAX_BACKOFF = Duration.ofMillis(250);

  private final Shard shard;
  private final Outlet<?> outlet;
  private final StoreClock clock;
  private final Expirer expirer;
  private final Upkeep upkeep;
  private final DeliveryContext context;
  private final WakeTimer wakeTimer = new WakeTimer();
  private final Alarm alarm;
  private final Alarm retry;
  private final Backoff backoff;
  private Cancellable announcements = () -> {};

  private boolean isResting = true;
  private boolean isClosed;
  private boolean isAsking;
  private boolean isSuspicious;
  private @Nullable WakeSource again;
  private @Nullable Throwable failure;

  ShardLoop(
      Shard shard,
      Outlet<?> outlet,
      StoreClock clock,
      Expirer expirer,
      Upkeep upkeep,
      DeliveryContext context) {
    this.shard = shard;
    this.outlet = outlet;
    this.clock = clock;
    this.expirer = expirer;
    this.upkeep = upkeep;
    this.context = context;
    this.alarm = new Alarm(context.loop());
    this.retry = new Alarm(context.loop());
    this.backoff = new Backoff(FIRST_BACKOFF, MAX_BACKOFF, context::jittered);
    upkeep.sweeper().add(shard);
  }

  /**
   * What all loops of a replica share.
   *
   * @param quiet what they tell housekeeping
   * @param backstop the turns of loops to ask although nothing was announced
   */
  record Upkeep(Sweeper sweeper, QuietShards quiet, Rotation<ShardLoop> backstop) {}

  /** Hears from now on what happens to the head of the shard, resting or not. */
  void listen(Announcements from) {
    announcements =
        from.heads(shard).subscribe().with(news -> context.loop().execute(() -> heard(news)));
  }

  /** Can be woken from now on. */
  public void resume() {
    if (isResting) {
      isResting = false;
      upkeep.backstop.later(this, context.jittered(BACKSTOP));
    }
  }

  /** Its turn has come. */
  void look() {
    wake(isSuspicious ? WakeSource.LISTENING : WakeSource.BACKSTOP);
  }

  /** What it knows of its head may be wrong: is to ask soon. */
  void suspect() {
    if (!isResting) {
      isSuspicious = true;
      upkeep.backstop.soon(this);
    }
  }

  /** Asks the store, now or as soon as the call under way is back, if anyone takes a job. */
  public void wake(WakeSource source) {
    if (isResting) {
      return;
    }
    if (isAsking) {
      again = source;
      return;
    }
    boolean isLook = source == WakeSource.BACKSTOP || source == WakeSource.LISTENING;
    request(source, outlet, isLook);
  }

  /** Whether due jobs are known to wait here, and the store can be asked for them. */
  public boolean hasDueJobs() {
    return !isClosed && failure == null && isDue();
  }

  /**
   * Whether the store has been asked, or will be at once or with the next credit, and what is due
   * may not be known yet.
   */
  public boolean mayHaveDueJobs() {
    return isAsking || outlet.isWaiting() || again != null || hasDueJobs();
  }

  /** Why the store cannot be asked, or null. */
  public @Nullable Throwable failure() {
    return failure;
  }

  /**
   * Sleeps until it is resumed, but goes on listening, and ends leases that run out: callers that
   * pull without waiting are gone before a lease that ran out could be ended for them.
   */
  public void rest() {
    isResting = true;
    alarm.cancel();
    retry.cancel();
    upkeep.backstop.remove(this);
    upkeep.quiet.remove(shard);
    isSuspicious = false;
    again = null;
  }

  /** Ends for good. */
  public void close() {
    rest();
    isClosed = true;
    if (failure != null) {
      failure = null;
      context.observer().storeRecovered(shard);
    }
    expirer.close();
    outlet.close();
    upkeep.sweeper.remove(shard);
    announcements.cancel();
  }

  private boolean isDue() {
    return wakeTimer.targetMs() != Claim.NONE && clock.nanosUntil(wakeTimer.targetMs()) <= 0;
  }

  private void heard(HeadNews news) {
    if (news instanceof HeadNews.Announced announced) {
      wakeTimer.announced(announced.dueMs());
      if (!isAsking && failure == null) {
        sleep(WakeSource.ANNOUNCEMENT);
      }
    } else {
      suspect();
    }
  }

  private <R extends DueReply> void request(WakeSource source, Outlet<R> from, boolean isLook) {
    from.request(isLook).ifPresent(request -> send(source, request));
  }

  private <R extends DueReply> void send(WakeSource source, Outlet.Request<R> request) {
    isAsking = true;
    isSuspicious = false;
    alarm.cancel();
    Question<R> question = new Question<>(source, request, context.loop().nanoTime());
    wakeTimer.claimSent();
    context.call(
        request.send(), reply -> replied(question, reply), problem -> failed(request, problem));
  }

  /** A call under way. */
  private record Question<R extends DueReply>(
      WakeSource source, Outlet.Request<R> request, long sentNanos) {}

  private <R extends DueReply> void replied(Question<R> asked, R reply) {
    isAsking = false;
    clock.observe(asked.sentNanos, reply.nowUs(), reply.nextMs());
    if (failure != null) {
      recovered(reply.nowUs() / 1_000);
    }
    int missed = wakeTimer.replied(asked.source, reply);
    if (missed > 0) {
      context.observer().backstopFoundOverdue(shard, missed);
    }
    expirer.replied(reply.nextExpiryMs());
    try {
      asked.request.handOver(reply, asked.source);
    } finally {
      // Whoever could not take a job keeps no others from being asked for.
      goOn(asked, reply);
    }
  }

  private <R extends DueReply> void goOn(Question<R> asked, R reply) {
    if (isResting) {
      return;
    }
    upkeep.quiet.answered(shard, reply);
    if (!isSuspicious) {
      upkeep.backstop.later(this, context.jittered(BACKSTOP));
    }
    sleep(outlet.backlogSource());
    asked.request.settled();
  }

  /** Sleeps until the next job is due, or not at all. */
  private void sleep(WakeSource sourceIfDue) {
    WakeSource asked = again;
    again = null;
    if (asked != null) {
      wake(asked);
    } else if (isDue()) {
      wake(sourceIfDue);
    } else if (wakeTimer.targetMs() != Claim.NONE && !isResting) {
      alarm.set(
          Duration.ofNanos(clock.nanosUntil(wakeTimer.targetMs())), () -> wake(WakeSource.TIMER));
    }
  }

  private void recovered(long storeNowMs) {
    failure = null;
    backoff.reset();
    context.observer().storeRecovered(shard);
    outlet.recovered();
    upkeep.sweeper.recovered(shard, storeNowMs);
  }

  private void failed(Outlet.Request<?> request, Throwable problem) {
    isAsking = false;
    again = null;
    if (!isClosed) {
      boolean wasAway = isAway(failure);
      boolean isAway = isAway(problem);
      if (isAway && !wasAway) {
        context.observer().storeFailed(shard, problem);
      } else if (wasAway && !isAway) {
        context.observer().storeRecovered(shard);
      }
      failure = problem;
      upkeep.backstop.remove(this);
      upkeep.quiet.remove(shard);
      retry.set(backoff.next(), () -> wake(WakeSource.LISTENING));
    }
    request.failed(problem);
  }

  /** Otherwise the store is well: the layout is another by now, or the shard cannot be read. */
  private static boolean isAway(@Nullable Throwable problem) {
    return problem != null
        && !(problem instanceof StaleLayoutException || problem instanceof StoreDataException);
  }
}
