package dev.dueline.delivery.lease;

import dev.dueline.delivery.context.DeliveryObserver;
import dev.dueline.delivery.news.Holders;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.JobStore;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.call.Extension;
import dev.dueline.store.due.Release;
import dev.dueline.store.news.LeaseEnd;
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
  private final JobStore store;
  private final Holders holders;
  private final Supplier<RandomGenerator> random;
  private final DeliveryObserver observer;

  /**
   * The leases of all queues.
   *
   * @param random for the jitter of retries; asked on any thread
   * @param observer hears of leases that were lost
   */
  public Leases(
      JobStore store,
      Holders holders,
      Supplier<RandomGenerator> random,
      DeliveryObserver observer) {
    this.store = store;
    this.holders = holders;
    this.random = random;
    this.observer = observer;
  }

  /** Removes jobs that are done. False: the lease is lost. */
  public Uni<List<Boolean>> ack(List<LeaseToken> tokens) {
    return ShardCalls.perShard(
            tokens,
            LeaseToken::shard,
            (shard, part) -> store.ack(shard, part.stream().map(LeaseToken::lease).toList()))
        .invoke(results -> countLost(tokens, i -> !results.get(i)))
        .invoke(results -> holders.ended(tokens, LeaseEnd.SETTLED));
  }

  /** Gives jobs back. False: the lease is lost. */
  public Uni<List<Boolean>> nack(List<LeaseToken> tokens, NackRule rule) {
    return ShardCalls.perShard(tokens, LeaseToken::shard, (shard, part) -> nack(shard, part, rule))
        .invoke(results -> countLost(tokens, i -> !results.get(i)))
        .invoke(results -> holders.ended(tokens, LeaseEnd.SETTLED));
  }

  /** Makes leases end later. Gives their expiry, ms; 0: the lease is lost. */
  public Uni<List<Long>> extend(List<LeaseToken> tokens, long leaseMs) {
    return keep(tokens, leaseMs)
        .invoke(results -> countLost(tokens, i -> results.get(i) == 0))
        .invoke(results -> holders.extended(tokens, i -> results.get(i) == 0 ? 0 : leaseMs));
  }

  /** The same on behalf of a watcher, for which one that is over need not have been lost. */
  Uni<List<Long>> keep(List<LeaseToken> tokens, long leaseMs) {
    return ShardCalls.perShard(
            tokens,
            LeaseToken::shard,
            (shard, part) ->
                store.extend(
                    shard,
                    part.stream().map(token -> new Extension(token.lease(), leaseMs)).toList()))
        .invoke(
            results -> {
              List<LeaseToken> over = new ArrayList<>();
              for (int i = 0; i < results.size(); i++) {
                if (results.get(i) == 0) {
                  over.add(tokens.get(i));
                }
              }
              holders.ended(over, LeaseEnd.UNKNOWN);
            });
  }

  /** Ends leases that this replica knows to be over, also those that ran out already. */
  Uni<List<Boolean>> release(Map<LeaseToken, Release> releases) {
    return ShardCalls.perShard(
        List.copyOf(releases.keySet()),
        LeaseToken::shard,
        (shard, part) -> store.release(shard, part.stream().map(releases::get).toList(), true));
  }

  /** Tells the replicas that hold the watchers that the jobs of these leases were canceled. */
  public void canceled(List<LeaseToken> over) {
    holders.ended(over, LeaseEnd.CANCELED);
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
      return store.release(shard, leases.stream().map(rule::dead).toList(), false);
    }
    return store
        .leased(shard, leases)
        .chain(
            found -> {
              List<Release> held =
                  found.stream()
                      .flatMap(Optional::stream)
                      .map(job -> rule.retry(job, random.get()))
                      .toList();
              return held.isEmpty()
                  ? Uni.createFrom().item(found.stream().map(job -> false).toList())
                  : store.release(shard, held, false).map(results -> align(found, results));
            });
  }

  private static List<Boolean> align(List<? extends Optional<?>> found, List<Boolean> results) {
    List<Boolean> aligned = new ArrayList<>();
    int next = 0;
    for (Optional<?> job : found) {
      aligned.add(job.isPresent() && results.get(next++));
    }
    return aligned;
  }
}
