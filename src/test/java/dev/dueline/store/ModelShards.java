package dev.dueline.store;

import dev.dueline.job.JobState;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.failure.StaleLayoutException;
import dev.dueline.store.queue.Deletion;
import dev.dueline.store.queue.QueueLayout;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The shards of the model, and the queues that it lost and that did not come to be again. */
final class ModelShards {
  private final int mostDead;
  private final long requestWindowMs;
  private final Map<Shard, ModelShard> shards = new HashMap<>();
  private final Map<Shard, ModelRequests> requests = new HashMap<>();
  private final Map<Shard, ModelSweep> sweeps = new HashMap<>();
  private final Set<QueueName> gone = new HashSet<>();
  private final Map<QueueName, Idle> idle = new HashMap<>();

  /** Since when a queue has been idle, and how often it had been used by then. */
  private record Idle(long sinceMs, long uses) {}

  ModelShards(int mostDead, long requestWindowMs) {
    this.mostDead = mostDead;
    this.requestWindowMs = requestWindowMs;
  }

  ModelShard get(Shard shard) {
    return shards.computeIfAbsent(
        shard.place(), key -> new ModelShard(key, mostDead, requests(key)));
  }

  private ModelRequests requests(Shard shard) {
    return requests.computeIfAbsent(shard, key -> new ModelRequests(requestWindowMs));
  }

  ModelSweep sweep(Shard shard) {
    return sweeps.computeIfAbsent(shard.place(), key -> new ModelSweep());
  }

  /** Deletes all shards of a queue, if they are empty or by force; requests are still known. */
  Deletion delete(QueueLayout layout, boolean isForced) {
    List<ModelShard> all = layout.shards().stream().map(this::get).toList();
    long jobs = all.stream().mapToLong(ModelShards::jobs).sum();
    long entries = all.stream().mapToLong(each -> each.stream().entries().size()).sum();
    boolean isDone = isForced || jobs + entries == 0;
    if (isDone) {
      gone.add(layout.queue());
      layout.shards().stream().map(Shard::place).forEach(shards::remove);
      layout.shards().stream().map(Shard::place).forEach(sweeps::remove);
    }
    return new Deletion(isDone, jobs, entries);
  }

  /** Deletes all shards of a queue, if they were idle for a time, as far as anybody looked. */
  boolean deleteIdle(QueueLayout layout, long atLeastMs, long nowMs) {
    QueueName queue = layout.queue();
    List<ModelShard> all = layout.shards().stream().map(this::required).toList();
    Idle before = idle.remove(queue);
    boolean isIdle =
        all.stream()
            .allMatch(
                each ->
                    jobs(each) == 0
                        && each.stream().entries().isEmpty()
                        && each.operations().isUnset());
    if (!isIdle) {
      return false;
    }
    long uses = all.stream().mapToLong(ModelShards::uses).sum();
    Idle now =
        before != null && before.uses == uses && before.sinceMs <= nowMs
            ? before
            : new Idle(nowMs, uses);
    if (nowMs - now.sinceMs >= atLeastMs) {
      return delete(layout, false).isDone();
    }
    idle.put(queue, now);
    return false;
  }

  private static long uses(ModelShard shard) {
    return shard.counters().getOrDefault("scheduled", 0L) + shard.operations().changes();
  }

  private static long jobs(ModelShard shard) {
    return Stream.of(JobState.values()).mapToLong(state -> shard.in(state).count()).sum();
  }

  /** No request is known by its id any longer, also of queues that are gone. */
  void forgetRequests() {
    requests.values().forEach(ModelRequests::forget);
  }

  /** Loses all. */
  void lose() {
    shards.keySet().forEach(shard -> gone.add(shard.queue()));
    shards.clear();
    requests.clear();
    sweeps.clear();
    idle.clear();
  }

  /** A call that lets the queue come to be again. */
  Shard made(Shard shard) {
    gone.remove(shard.queue());
    return shard;
  }

  /** For a call that does not, and finds a queue that is gone unless it does not care. */
  ModelShard required(Shard shard) {
    if (shard.of() > 0 && gone.contains(shard.queue())) {
      throw new StaleLayoutException(shard.queue() + " is gone");
    }
    return get(shard);
  }
}
