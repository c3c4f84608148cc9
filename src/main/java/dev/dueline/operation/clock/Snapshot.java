package dev.dueline.operation.clock;

import dev.dueline.delivery.watch.Demand;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseId;
import dev.dueline.store.due.Claim;
import dev.dueline.store.queue.Upcoming;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What is under way in all shards, and who waits for jobs, at one moment.
 *
 * @param nowMs when it was looked, by the moved clock
 * @param demand as it was just before
 */
record Snapshot(long nowMs, Demand demand, Map<Shard, Upcoming> shards) {

  /** A lease that is out. */
  record Held(Shard shard, Upcoming.Out out) {
    LeaseId id() {
      return out.lease().leaseId();
    }
  }

  Stream<Held> held() {
    return shards.entrySet().stream()
        .flatMap(
            each -> each.getValue().leases().stream().map(out -> new Held(each.getKey(), out)));
  }

  /** Shards where leases or waits are over, and were not ended yet. */
  List<Shard> over() {
    return shardsWhere(each -> each.getValue().over() > 0);
  }

  /** Shards where jobs are due that somebody takes. */
  List<Shard> taken() {
    return shardsWhere(each -> isDue(each.getValue()) && of(each.getKey()).room() > 0);
  }

  /** Shards where jobs are due that nothing holds back, whether or not somebody takes them. */
  List<Shard> due() {
    return shardsWhere(each -> isDue(each.getValue()));
  }

  private static boolean isDue(Upcoming shard) {
    return shard.due() > 0 && shard.isOpen();
  }

  /** When the next thing happens that time brings, ms; {@link Claim#NONE}: none will. */
  long nextMs() {
    return shards.keySet().stream().mapToLong(this::nextMs).min().orElse(Claim.NONE);
  }

  /** The same of shards whose jobs somebody waits for. */
  long nextWantedMs() {
    return shards.keySet().stream()
        .filter(this::isWanted)
        .mapToLong(this::nextMs)
        .min()
        .orElse(Claim.NONE);
  }

  private long nextMs(Shard shard) {
    Upcoming upcoming = shards.getOrDefault(shard, Lookout.NOTHING);
    LongStream leases =
        upcoming.leases().stream()
            .filter(out -> !demand.isExtended(out.lease().leaseId()))
            .mapToLong(Upcoming.Out::expiryMs);
    return LongStream.concat(LongStream.of(upcoming.nextMs(), releasedMs(shard, upcoming)), leases)
        .min()
        .orElse(Claim.NONE);
  }

  /** When jobs that are due go to somebody whom nothing gives them now. */
  private long releasedMs(Shard shard, Upcoming upcoming) {
    if (upcoming.due() == 0) {
      return Claim.NONE;
    }
    if (!upcoming.isOpen()) {
      return isWanted(shard) ? upcoming.opensMs() : Claim.NONE;
    }
    return of(shard).untilProbe().map(time -> nowMs + time.toMillis() + 1).orElse(Claim.NONE);
  }

  private boolean isWanted(Shard shard) {
    return of(shard).room() > 0 || shards.getOrDefault(shard, Lookout.NOTHING).isToRedisStream();
  }

  private Demand.OfQueue of(Shard shard) {
    return demand.of(shard.queue());
  }

  private List<Shard> shardsWhere(Predicate<Map.Entry<Shard, Upcoming>> what) {
    return shards.entrySet().stream().filter(what).map(Map.Entry::getKey).toList();
  }
}
