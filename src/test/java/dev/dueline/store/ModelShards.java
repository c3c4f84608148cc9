package dev.dueline.store;

import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.failure.StaleLayoutException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The shards of the model, and the queues that it lost and that did not come to be again. */
final class ModelShards {
  private final int mostDead;
  private final long requestWindowMs;
  private final Map<Shard, ModelShard> shards = new HashMap<>();
  private final Map<Shard, ModelSweep> sweeps = new HashMap<>();
  private final Set<QueueName> gone = new HashSet<>();

  ModelShards(int mostDead, long requestWindowMs) {
    this.mostDead = mostDead;
    this.requestWindowMs = requestWindowMs;
  }

  ModelShard get(Shard shard) {
    return shards.computeIfAbsent(
        shard.place(), key -> new ModelShard(key, mostDead, requestWindowMs));
  }

  ModelSweep sweep(Shard shard) {
    return sweeps.computeIfAbsent(shard.place(), key -> new ModelSweep());
  }

  /** A shard goes with its queue; what is known of requests stays. */
  void delete(Shard shard) {
    gone.add(shard.queue());
    ModelShard old = get(shard);
    shards.put(shard.place(), old.anew());
    sweeps.remove(shard.place());
  }

  /** Loses all. */
  void lose() {
    shards.keySet().forEach(shard -> gone.add(shard.queue()));
    shards.clear();
    sweeps.clear();
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
