package dev.dueline.delivery.watch;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.context.WakeSource;
import dev.dueline.delivery.lease.LostClaims;
import dev.dueline.delivery.shard.Outlet;
import dev.dueline.delivery.time.StoreClock;
import dev.dueline.job.Shard;
import dev.dueline.store.JobStore;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.Destination;
import dev.dueline.store.due.Slots;
import dev.dueline.store.failure.StaleLayoutException;
import dev.dueline.store.failure.StoreDataException;
import dev.dueline.store.failure.StoreReplyException;
import dev.dueline.store.failure.StoreUnavailableException;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/** Leases the due jobs of one shard to watchers: claims as many as their credit allows. */
final class WatcherOutlet implements Outlet<Claim> {
  /** Jobs in one claim; keeps Redis responsive while a backlog drains. */
  private static final int MAX_JOBS = 64;

  private final Shard shard;
  private final JobStore store;
  private final Dispatcher dispatcher;
  private final LostClaims lostClaims;
  private final StoreClock clock;
  private final DeliveryContext context;

  WatcherOutlet(
      Shard shard,
      JobStore store,
      Dispatcher dispatcher,
      LostClaims lostClaims,
      StoreClock clock,
      DeliveryContext context) {
    this.shard = shard;
    this.store = store;
    this.dispatcher = dispatcher;
    this.lostClaims = lostClaims;
    this.clock = clock;
    this.context = context;
  }

  @Override
  public Optional<Request<Claim>> request(boolean isLook) {
    Dispatcher.Reservation reservation = dispatcher.reserve(shard, MAX_JOBS, isLook);
    if (reservation.isEmpty() && !isLook) {
      return Optional.empty();
    }
    long nonce = context.random().nextLong();
    return Optional.of(
        new ClaimRequest(reservation, reservation.slots(nonce, lostClaims.deadlineMs())));
  }

  @Override
  public boolean isWaiting() {
    return dispatcher.isWaiting(shard);
  }

  @Override
  public WakeSource backlogSource() {
    return WakeSource.CREDIT;
  }

  @Override
  public void recovered() {
    lostClaims.look();
  }

  @Override
  public void close() {
    lostClaims.close();
  }

  private final class ClaimRequest implements Request<Claim> {
    private final Dispatcher.Reservation reservation;
    private final Slots slots;

    ClaimRequest(Dispatcher.Reservation reservation, Slots slots) {
      this.reservation = reservation;
      this.slots = slots;
    }

    @Override
    public Uni<Claim> send() {
      return store.claim(shard, slots);
    }

    @Override
    public void handOver(Claim claim, WakeSource source) {
      context.observer().claimed(shard, source, claim);
      if (claim.destination() == Destination.REDIS_STREAM) {
        // First, or who pulls without waiting would take it for a queue where nothing is due.
        RedisStreamQueueException refusal = new RedisStreamQueueException(shard.queue());
        dispatcher.watchers(shard.queue()).forEach(each -> each.sink().refused(refusal));
      }
      reservation.settle(claim.deliveries(), clock);
    }

    @Override
    public void settled() {
      dispatcher.offerRest(shard.queue(), reservation);
    }

    @Override
    public void failed(Throwable problem) {
      if (problem instanceof StoreUnavailableException
          || problem instanceof StoreDataException
          || problem instanceof StoreReplyException) {
        // It may have leased jobs before it failed.
        lostClaims.add(slots);
      } else if (problem instanceof StaleLayoutException) {
        dispatcher.stale(shard.queue());
      }
      reservation.settle(List.of(), clock);
      settled();
    }
  }
}
