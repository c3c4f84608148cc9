package dev.dueline.store;

import dev.dueline.job.Failures;
import dev.dueline.job.JobId;
import dev.dueline.job.JobView;
import dev.dueline.job.NewJob;
import dev.dueline.job.Shard;
import dev.dueline.job.StoredJob;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseId;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.ModelStep.LeasePick;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.LeasedJob;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.RedisStreamStore;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * One of two stores that run the same steps: the leases that it handed out, and its results in
 * words. Leases are named by their number, since each store makes lease ids of its own; times by
 * the cell of a grid, since the clock of a real store moves on while a step runs.
 */
final class ModelSide {
  /** A step takes less: what comes of it is in the same cell in the model and in Redis. */
  static final long CELL_MS = 30_000;

  /**
   * How deep in its cell a step is made: by more than a rate lets deliveries be early, so that the
   * next time that it allows is in that cell, too, however late in it Redis runs the step.
   */
  static final long STEP_AT_MS = 1_000;

  private static final int PICKED_FROM = 10;

  private final JobStore store;
  private final QueueStore operations;
  private final RedisStreamStore streams;
  private final Supplier<List<String>> entries;
  private final Shard shard;
  private final Predicate<Loss> loses;
  private final List<LeaseRef> leases = new ArrayList<>();
  private long lastFence;

  /** The last one that the store can know of. */
  private long keptFence;

  /** What a store loses. */
  enum Loss {
    /** The registry: nothing shows. */
    REGISTRY,
    /** How many shards the shard says that there are: nothing shows. */
    SHARD_COUNT,
    /** Everything. */
    ALL,
    /** The queue, where it was idle the last time, too: the store deletes it. */
    IDLE
  }

  /**
   * One side.
   *
   * @param entries what its stream holds
   * @param loses has it lose something; whether it did
   */
  ModelSide(
      JobStore store,
      QueueStore operations,
      RedisStreamStore streams,
      Supplier<List<String>> entries,
      Shard shard,
      Predicate<Loss> loses) {
    this.store = store;
    this.operations = operations;
    this.streams = streams;
    this.entries = entries;
    this.shard = shard;
    this.loses = loses;
  }

  boolean lose(Loss loss) {
    boolean isLost = loses.test(loss);
    keptFence = isLost && (loss == Loss.ALL || loss == Loss.IDLE) ? 0 : keptFence;
    return isLost;
  }

  JobStore store() {
    return store;
  }

  QueueStore operations() {
    return operations;
  }

  RedisStreamStore streams() {
    return streams;
  }

  /** What consumers of its stream would read. */
  List<String> entries() {
    return List.copyOf(entries.get());
  }

  Shard shard() {
    return shard;
  }

  long keptFence() {
    return keptFence;
  }

  <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }

  <T> String describe(Uni<List<T>> call, Function<T, String> description) {
    return await(call).stream().map(description).toList().toString();
  }

  /** The leases that are meant, each with what is wrong with it. */
  List<LeaseRef> pick(List<LeasePick> picks) {
    return picks.stream().map(this::pick).toList();
  }

  private LeaseRef pick(LeasePick pick) {
    if (leases.isEmpty()) {
      return new LeaseRef(new JobId("a"), new LeaseId(0, 0, 0, 0));
    }
    int back = pick.back() % Math.min(PICKED_FROM, leases.size());
    LeaseRef lease = leases.get(leases.size() - 1 - back);
    LeaseId s = lease.leaseId();
    return switch (pick.twist()) {
      case NOTHING -> lease;
      case FENCE -> withLeaseId(lease, s.fence() + 1, s.nonce(), s.watcher());
      case NONCE -> withLeaseId(lease, s.fence(), s.nonce() ^ 1, s.watcher());
      case WATCHER -> withLeaseId(lease, s.fence(), s.nonce(), s.watcher() + 1);
      case ID -> new LeaseRef(leases.get(0).id(), s);
    };
  }

  private static LeaseRef withLeaseId(LeaseRef lease, long fence, long nonce, int watcher) {
    return new LeaseRef(lease.id(), new LeaseId(fence, nonce, lease.leaseId().replica(), watcher));
  }

  /** Keeps the lease of a delivery and tells of it. */
  String receive(Delivery delivery) {
    LeaseRef lease = delivery.token().lease();
    if (lease.leaseId().fence() <= lastFence) {
      throw new AssertionError("fence " + lease.leaseId().fence() + " after " + lastFence);
    }
    lastFence = lease.leaseId().fence();
    keptFence = lastFence;
    leases.add(lease);
    return "%s to %d/%d, due %s, dispatched %s, until %s, attempt %d behind %s: %s"
        .formatted(
            name(lease),
            lease.leaseId().replica(),
            lease.leaseId().watcher(),
            cell(delivery.dueMs()),
            cell(delivery.dispatchMs()),
            cell(delivery.leaseExpiryMs()),
            delivery.attempt(),
            failures(delivery.failures()),
            stored(delivery.job()));
  }

  /** A lease as both stores name it. */
  String name(LeaseRef lease) {
    return lease.id() + "#" + leases.indexOf(lease);
  }

  String leased(LeasedJob job) {
    return name(job.lease()) + " failed " + job.failedAttempts() + " " + job.retryPolicy();
  }

  /** The cell of a time. */
  static String cell(long ms) {
    return ms == Claim.NONE ? "none" : Long.toString(ms / CELL_MS);
  }

  static String view(JobView view) {
    return "%s %s, due %s, at %s, failed %d %s"
        .formatted(
            stored(view.job()),
            view.state(),
            cell(view.dueMs()),
            cell(view.stateMs()),
            view.failedAttempts(),
            failures(view.failures()));
  }

  static String failures(Failures told) {
    String first = told.hasFirst() ? " first at " + cell(told.firstMs()) + " " : "";
    return "\"%s\"%s%s".formatted(told.last(), first, told.first());
  }

  private static String stored(StoredJob job) {
    return "%s{due %s, created %s, ttl %d, %s, %s, %s, payload %d/%d}"
        .formatted(
            job.id(),
            cell(job.dueMs()),
            cell(job.createMs()),
            job.ttlMs(),
            job.retryPolicy(),
            job.attributes(),
            job.series(),
            job.payload().length,
            Arrays.hashCode(job.payload()));
  }

  static String request(NewJob job) {
    String due = job.due().getClass().getSimpleName() + " " + cell(job.due().ms());
    return "%s{%s, ttl %d, %s, %s, %s, payload %d}"
        .formatted(
            job.id(),
            due,
            job.ttlMs(),
            job.retryPolicy(),
            job.attributes(),
            job.recurrence(),
            job.payload().length);
  }
}
