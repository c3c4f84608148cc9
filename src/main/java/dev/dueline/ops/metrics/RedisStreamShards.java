package dev.dueline.ops.metrics;

import dev.dueline.delivery.context.RedisStreamState;
import dev.dueline.job.QueueName;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** How many shards of each queue are delivered to a stream that is open, or full. Thread-safe. */
final class RedisStreamShards {
  /** Of queues that have any. */
  private final Map<QueueName, Map<RedisStreamState, Integer>> queues = new ConcurrentHashMap<>();

  void changed(QueueName queue, RedisStreamState before, RedisStreamState now) {
    queues.compute(
        queue,
        (same, known) -> {
          Map<RedisStreamState, Integer> shards = new EnumMap<>(RedisStreamState.class);
          if (known != null) {
            shards.putAll(known);
          }
          shards.merge(before, -1, Integer::sum);
          shards.merge(now, 1, Integer::sum);
          shards.remove(RedisStreamState.NONE);
          shards.values().removeIf(count -> count <= 0);
          return shards.isEmpty() ? null : shards;
        });
  }

  int count(QueueName queue, RedisStreamState state) {
    return queues.getOrDefault(queue, Map.of()).getOrDefault(state, 0);
  }

  int countWithout(Set<QueueName> left, RedisStreamState state) {
    return queues.entrySet().stream()
        .filter(queue -> !left.contains(queue.getKey()))
        .mapToInt(queue -> queue.getValue().getOrDefault(state, 0))
        .sum();
  }
}
