package dev.dueline.store;

import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.QueueLimits.Change;
import dev.dueline.job.QueueLimits.Part;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.Destination;
import dev.dueline.store.queue.QueueStore.Purged;
import dev.dueline.store.queue.QueueStore.Spread;
import dev.dueline.store.queue.RedisStreamTarget;
import dev.dueline.store.queue.ShardStats;
import dev.dueline.store.queue.Upcoming;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What operators set for one shard of the model, and do with its jobs. */
final class ModelOperations {
  private static final long BURST_US = 100_000;
  private static final long PACE_MS = 10;

  private final ModelShard jobs;
  private final Map<Long, Integer> watchers = new HashMap<>();
  private boolean isPaused;
  private QueueLimits whole = QueueLimits.NONE;
  private QueueLimits share = QueueLimits.NONE;

  /** The theoretical arrival time of the next delivery by the rate. */
  private double arrivalUs;

  private @Nullable RedisStreamTarget stream;

  /** How often anything was set, or told of watchers. */
  private int changes;

  ModelOperations(ModelShard jobs) {
    this.jobs = jobs;
  }

  void pause(boolean paused) {
    isPaused = paused;
    changes++;
  }

  void limit(Change ofQueue, QueueLimits ofShard) {
    whole = ofQueue.of(whole);
    changes++;
    share = new Change(ofShard, ofQueue.parts()).of(share);
    arrivalUs = ofQueue.parts().contains(Part.RATE) ? 0 : arrivalUs;
  }

  /** Where due jobs go; null: to watchers. */
  @Nullable RedisStreamTarget stream() {
    return stream;
  }

  Destination destination() {
    return stream == null ? Destination.WATCHERS : Destination.REDIS_STREAM;
  }

  void stream(@Nullable RedisStreamTarget target) {
    stream = target;
    changes++;
  }

  void present(long replica, int count) {
    watchers.put(replica, count);
    changes++;
  }

  /** Whether nobody watches, and nothing is set. */
  boolean isUnset() {
    return !isPaused && whole.equals(QueueLimits.NONE) && stream == null && watching().isEmpty();
  }

  int changes() {
    return changes;
  }

  List<Long> watching() {
    return watchers.entrySet().stream()
        .filter(each -> each.getValue() > 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** How many more leases may go out. */
  long free(long nowUs, boolean toStream) {
    if (isHeld(toStream)) {
      return 0;
    }
    long free = Long.MAX_VALUE;
    if (share.maxOutstanding() > 0 && !toStream) {
      free = Math.max(0, share.maxOutstanding() - held(nowUs / 1_000));
    }
    if (share.dispatchesPerSecond() > 0) {
      free =
          Math.min(
              free,
              (long) Math.floor((nowUs + BURST_US - arrivalUs(nowUs)) / intervalUs() + 1.001));
    }
    return Math.max(0, free);
  }

  /** So many leases went out; when more may, or {@link Claim#NONE}. */
  long served(int count, long nowUs, boolean toStream) {
    if (share.dispatchesPerSecond() > 0 && count > 0) {
      arrivalUs = arrivalUs(nowUs) + count * intervalUs();
    }
    boolean isFull =
        !toStream && share.maxOutstanding() > 0 && held(nowUs / 1_000) >= share.maxOutstanding();
    if (isHeld(toStream) || isFull || share.dispatchesPerSecond() == 0) {
      return Claim.NONE;
    }
    double nextUs = arrivalUs(nowUs) - BURST_US;
    return Math.max((long) Math.ceil(nextUs / 1_000), nowUs / 1_000 + PACE_MS);
  }

  private boolean isHeld(boolean toStream) {
    return isPaused || toStream != (stream != null);
  }

  private double intervalUs() {
    return 1_000_000 / share.dispatchesPerSecond();
  }

  private double arrivalUs(long nowUs) {
    boolean isSetBack = arrivalUs > nowUs + 1.01 * intervalUs() + BURST_US;
    return isSetBack ? nowUs : Math.max(arrivalUs, nowUs);
  }

  private long held(long nowMs) {
    return jobs.in(JobState.LEASED).filter(job -> !job.isOver(nowMs)).count();
  }

  private long leased() {
    return jobs.in(JobState.LEASED).count();
  }

  /** Whether pollers waited for one of these leases to end. */
  boolean isFreed(long ended) {
    return ended > 0 && share.maxOutstanding() > 0 && leased() + ended >= share.maxOutstanding();
  }

  /** With the leases that are over: most of their jobs will be pending. */
  boolean isFull(long nowMs) {
    long pending = jobs.in(JobState.PENDING).count();
    return share.maxPending() > 0 && pending + leased() - held(nowMs) >= share.maxPending();
  }

  ShardStats stats(long nowUs) {
    Map<String, Long> counters = jobs.counters();
    ShardStats.Totals totals =
        new ShardStats.Totals(
            counters.getOrDefault("scheduled", 0L),
            counters.getOrDefault("dispatched", 0L),
            counters.getOrDefault("acked", 0L),
            counters.getOrDefault("retried", 0L),
            counters.getOrDefault("died", 0L),
            counters.getOrDefault("canceled", 0L),
            counters.getOrDefault("expired", 0L));
    return new ShardStats(
        nowUs / 1_000,
        isPaused,
        whole,
        jobs.in(JobState.PENDING).count(),
        jobs.in(JobState.PENDING).filter(job -> job.stateMs <= nowUs / 1_000).count(),
        leased(),
        jobs.in(JobState.DEAD).count(),
        jobs.head(JobState.PENDING),
        totals,
        watchers.values().stream().mapToInt(Integer::intValue).sum(),
        stream,
        counters.getOrDefault("dropped_dead", 0L));
  }

  Upcoming next(long nowUs) {
    long nowMs = nowUs / 1_000;
    long waits = jobs.waits().filter(job -> job.waitEndMs() <= nowMs).count();
    long due = jobs.in(JobState.PENDING).filter(job -> job.stateMs <= nowMs).count();
    boolean isOpen = free(nowUs, stream != null) > 0;
    long next =
        LongStream.concat(
                jobs.in(JobState.PENDING).mapToLong(job -> job.stateMs),
                jobs.waits().mapToLong(ModelJob::waitEndMs))
            .filter(ms -> ms > nowMs)
            .min()
            .orElse(Claim.NONE);
    return new Upcoming(
        leased() - held(nowMs) + waits,
        due - waits,
        isOpen,
        isOpen ? Claim.NONE : served(0, nowUs, stream != null),
        next,
        jobs.counters().getOrDefault("dispatched", 0L),
        stream != null,
        jobs.in(JobState.LEASED)
            .filter(job -> !job.isOver(nowMs))
            .limit(Upcoming.MAX_LEASES)
            .map(
                job ->
                    new Upcoming.Out(
                        new LeaseRef(job.id(), Objects.requireNonNull(job.leaseId)), job.stateMs))
            .toList());
  }

  List<Long> count(JobState state, List<Long> boundariesMs) {
    List<Long> ends = new ArrayList<>(boundariesMs);
    ends.add(Long.MAX_VALUE);
    List<Long> counts = new ArrayList<>();
    long from = Long.MIN_VALUE;
    for (long end : ends) {
      long begin = from;
      counts.add(jobs.in(state).filter(job -> job.stateMs >= begin && job.stateMs < end).count());
      from = end;
    }
    return counts;
  }

  Purged purge(JobState state, int most) {
    List<JobId> first = jobs.in(state).limit(most).map(ModelJob::id).toList();
    first.forEach(id -> jobs.remove(id, "purged"));
    return new Purged(first.size(), jobs.in(state).count());
  }

  int redrive(int most, Spread spread, long nowUs) {
    return redrive(jobs.in(JobState.DEAD).limit(most).map(ModelJob::id).toList(), spread, nowUs);
  }

  int redrive(List<JobId> ids, Spread spread, long nowUs) {
    int redriven = 0;
    for (int i = 0; i < ids.size(); i++) {
      ModelJob job = jobs.job(ids.get(i));
      if (job != null && job.state == JobState.DEAD && !isFull(nowUs / 1_000)) {
        long after = spread.fromMs() + (spread.toMs() - spread.fromMs()) * i / ids.size();
        job.state = JobState.PENDING;
        job.stateMs = ModelJob.resolve(new Due.After(after), nowUs);
        job.forgetAttempts();
        job.lastFailure = "";
        jobs.count("redriven");
        redriven++;
      }
    }
    return redriven;
  }
}
