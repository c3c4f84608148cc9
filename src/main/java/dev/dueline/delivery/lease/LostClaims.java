package dev.dueline.delivery.lease;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.delivery.time.StoreClock;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.JobStore;
import dev.dueline.store.due.ClaimedLeases;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Slots;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Claims of one shard whose answer was lost: they may have leased jobs to nobody. Once the store
 * answers again, and once more when none of them can still run, it is asked for such leases, and
 * their jobs go back as if they had never been claimed.
 */
public final class LostClaims {
  /** Claims to remember; the jobs of those before come back when their leases run out. */
  private static final int MAX_REMEMBERED = 16;

  /** Between two looks while the store is away. */
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Shard shard;
  private final JobStore store;
  private final StoreClock clock;
  private final Duration timeout;
  private final DeliveryContext context;
  private final Alarm alarm;
  private final Deque<Slots> lost = new ArrayDeque<>();
  private boolean isLooking;

  /**
   * None is lost yet.
   *
   * @param timeout how long the store is waited for: a claim that it runs later leases nothing
   */
  public LostClaims(
      Shard shard, JobStore store, StoreClock clock, Duration timeout, DeliveryContext context) {
    this.shard = shard;
    this.store = store;
    this.clock = clock;
    this.timeout = timeout;
    this.context = context;
    this.alarm = new Alarm(context.loop());
  }

  /** By this time of the store a claim that goes out now must have run; 0: it is not known. */
  public long deadlineMs() {
    long now = clock.nowMs();
    return now == 0 ? 0 : now + timeout.toMillis();
  }

  /** A claim failed, and may have been made. */
  public void add(Slots slots) {
    if (!slots.order().isEmpty()) {
      if (lost.size() == MAX_REMEMBERED) {
        lost.removeFirst();
      }
      lost.addLast(slots);
    }
  }

  /** The store answers again: looks, if there is something to look for. */
  public void look() {
    if (lost.isEmpty() || isLooking) {
      return;
    }
    isLooking = true;
    alarm.cancel();
    lost.addAll(withDeadlines());
    List<Slots> sought = List.copyOf(lost);
    List<Long> nonces = sought.stream().map(Slots::nonce).toList();
    context.call(
        giveBack(nonces, ClaimedLeases.BEGIN, Long.MAX_VALUE),
        askedUs -> looked(sought, askedUs),
        failure -> failed());
  }

  /** Forgets them: their jobs come back when their leases run out. */
  public void close() {
    alarm.cancel();
    lost.clear();
  }

  /** All of the claims, each with a time after which it can no longer be made. */
  private List<Slots> withDeadlines() {
    List<Slots> all = new ArrayList<>();
    for (Slots slots : lost) {
      long deadline = slots.deadlineMs() > 0 ? slots.deadlineMs() : deadlineMs();
      all.add(slots.withDeadline(deadline));
    }
    lost.clear();
    return all;
  }

  /** Gives the store's time when the first page was read. */
  private Uni<Long> giveBack(List<Long> nonces, long before, long firstUs) {
    return store
        .claimed(shard, nonces, before)
        .chain(
            page -> {
              long first = Math.min(firstUs, page.nowUs());
              Uni<Long> rest =
                  page.next() == 0
                      ? Uni.createFrom().item(first)
                      : Uni.createFrom().deferred(() -> giveBack(nonces, page.next(), first));
              return page.leases().isEmpty()
                  ? rest
                  : store.release(shard, undelivered(page.leases()), true).chain(() -> rest);
            });
  }

  private void looked(List<Slots> sought, long askedUs) {
    isLooking = false;
    long askedMs = askedUs / 1_000;
    lost.removeIf(slots -> sought.contains(slots) && isOver(slots, askedMs));
    lost.stream()
        .mapToLong(Slots::deadlineMs)
        .max()
        .ifPresent(
            last ->
                alarm.set(Duration.ofNanos(Math.max(0, clock.nanosUntil(last + 1))), this::look));
  }

  /**
   * Whether a claim can no longer be made. A deadline that is further away than any claim's was
   * given before the store's clock was set back, and is not waited for: should the claim be made
   * yet, its jobs come back when their leases run out.
   */
  private boolean isOver(Slots slots, long nowMs) {
    return slots.deadlineMs() < nowMs || slots.deadlineMs() > nowMs + timeout.toMillis();
  }

  private void failed() {
    isLooking = false;
    alarm.set(RETRY, this::look);
  }

  private static List<Release> undelivered(List<LeaseRef> leases) {
    return leases.stream().map(Release::undelivered).toList();
  }
}
