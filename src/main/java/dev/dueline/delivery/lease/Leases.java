package dev.dueline.delivery.lease;

import dev.dueline.delivery.observer.DeliveryObserver;
import dev.dueline.job.Due;
import dev.dueline.job.LeaseRef;
import dev.dueline.job.LeaseToken;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.Announcements;
import dev.dueline.store.Extension;
import dev.dueline.store.JobStore;
import dev.dueline.store.LeasedJob;
import dev.dueline.store.Release;
import dev.dueline.store.ShardCalls;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What becomes of leases by the word of clients, at whichever replica they say it; the replica that
 * holds the watcher is told, so that the watcher has its credit back. Any thread.
 */
public final class Leases {
  private final long replica;
  private final JobStore store;
  private final Announcements announcements;
  private final EndedLeases local;
  private final Supplier<RandomGenerator> random;
  private final DeliveryObserver observer;

  /**
   * The leases of all queues.
   *
   * @param replica this replica
   * @param local told of leases of this replica's watchers that ended; any thread
   * @param random for jitter; asked on any thread
   * @param observer hears of leases that were lost
   */
  public Leases(
      long replica,
      JobStore store,
      Announcements announcements,
      EndedLeases local,
      Supplier<RandomGenerator> random,
      DeliveryObserver observer) {
    this.replica = replica;
    this.store = store;
    this.announcements = announcements;
    this.local = local;
    this.random = random;
    this.observer = observer;
  }

  /** Hears of leases that ended; those that it does not know are of no concern to it. */
  @FunctionalInterface
  public interface EndedLeases {
    /** These leases are over, by whatever way. Any thread. */
    void ended(List<LeaseToken> leases);
  }

  /** Removes jobs that are done. False: the lease is lost. */
  public Uni<List<Boolean>> ack(List<LeaseToken> tokens) {
    return ShardCalls.perShard(
            tokens,
            LeaseToken::shard,
            (shard, part) -> store.ack(shard, part.stream().map(LeaseToken::lease).toList()))
        .invoke(results -> countLost(tokens, i -> !results.get(i)))
        .invoke(results -> tell(tokens));
  }

  /** Gives jobs back. False: the lease is lost. */
  public Uni<List<Boolean>> nack(List<LeaseToken> tokens, NackRule rule) {
    return ShardCalls.perShard(tokens, LeaseToken::shard, (shard, part) -> nack(shard, part, rule))
        .invoke(results -> countLost(tokens, i -> !results.get(i)))
        .invoke(results -> tell(tokens));
  }

  /** Makes leases end later. Gives their expiry, ms; 0: the lease is lost. */
  public Uni<List<Long>> extend(List<LeaseToken> tokens, long leaseMs) {
    return keep(tokens, leaseMs).invoke(results -> countLost(tokens, i -> results.get(i) == 0));
  }

  /** The same on behalf of a watcher, for which one that is over need not have been lost. */
  public Uni<List<Long>> keep(List<LeaseToken> tokens, long leaseMs) {
    return ShardCalls.perShard(
            tokens,
            LeaseToken::shard,
            (shard, part) -> {
              List<Extension> all =
                  part.stream().map(token -> new Extension(token.lease(), leaseMs)).toList();
              return store.extend(shard, all);
            })
        .invoke(
            results -> {
              List<LeaseToken> over = new ArrayList<>();
              for (int i = 0; i < results.size(); i++) {
                if (results.get(i) == 0) {
                  over.add(tokens.get(i));
                }
              }
              tell(over);
            });
  }

  /** Tells the replicas that hold the watchers that these leases are over. */
  public void tell(List<LeaseToken> over) {
    Map<Long, List<LeaseToken>> byReplica = new HashMap<>();
    for (LeaseToken token : over) {
      byReplica
          .computeIfAbsent(token.lease().stamp().replica(), id -> new ArrayList<>())
          .add(token);
    }
    byReplica.forEach(
        (holder, tokens) -> {
          if (holder == replica) {
            local.ended(tokens);
          } else {
            announcements.tellEnded(holder, tokens).subscribe().with(told -> {});
          }
        });
  }

  private void countLost(List<LeaseToken> tokens, IntPredicate isLost) {
    Map<QueueName, Integer> lost = new HashMap<>();
    for (int i = 0; i < tokens.size(); i++) {
      if (isLost.test(i)) {
        lost.merge(tokens.get(i).shard().queue(), 1, Integer::sum);
      }
    }
    lost.forEach(observer::leasesLost);
  }

  private Uni<List<Boolean>> nack(Shard shard, List<LeaseToken> tokens, NackRule rule) {
    List<LeaseRef> leases = tokens.stream().map(LeaseToken::lease).toList();
    if (rule.isDead()) {
      return store.release(
          shard,
          leases.stream().map(lease -> release(lease, new Release.Target.Dead(), rule)).toList(),
          false);
    }
    return store
        .leased(shard, leases)
        .chain(
            found -> {
              List<Release> held =
                  found.stream().flatMap(Optional::stream).map(job -> decide(job, rule)).toList();
              return held.isEmpty()
                  ? Uni.createFrom().item(found.stream().map(job -> false).toList())
                  : store.release(shard, held, false).map(results -> align(found, results));
            });
  }

  private Release decide(LeasedJob job, NackRule rule) {
    int failures = job.failedAttempts() + 1;
    if (rule.isCounted() && job.retryPolicy().isExhausted(failures)) {
      return release(job.lease(), new Release.Target.Dead(), rule);
    }
    long delayMs =
        rule.delayMs() != null
            ? rule.delayMs()
            : job.retryPolicy().backoffMs(failures, random.get());
    return release(job.lease(), new Release.Target.DueAgain(new Due.After(delayMs)), rule);
  }

  private static Release release(LeaseRef lease, Release.Target target, NackRule rule) {
    return new Release(lease, target, rule.isCounted(), rule.reason());
  }

  private static List<Boolean> align(List<Optional<LeasedJob>> found, List<Boolean> results) {
    List<Boolean> aligned = new ArrayList<>();
    int next = 0;
    for (Optional<LeasedJob> job : found) {
      aligned.add(job.isPresent() && results.get(next++));
    }
    return aligned;
  }
}
