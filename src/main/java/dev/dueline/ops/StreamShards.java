package dev.dueline.ops;

import dev.dueline.delivery.StreamState;
import dev.dueline.job.QueueName;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** How many shards of each queue are delivered to a stream that is open, or full. Thread-safe. */
final class StreamShards {
  /** Of queues that have any. */
  private final Map<QueueName, Map<StreamState, Integer>> queues = new ConcurrentHashMap<>();

  void changed(QueueName queue, StreamState before, StreamState now) {
    queues.compute(
        queue,
        (same, known) -> {
          Map<StreamState, Integer> shards = new EnumMap<>(StreamState.class);
          if (known != null) {
            shards.putAll(known);
          }
          shards.merge(before, -1, Integer::sum);
          shards.merge(now, 1, Integer::sum);
          shards.remove(StreamState.NONE);
          shards.values().removeIf(count -> count <= 0);
          return shards.isEmpty() ? null : shards;
        });
  }

  int count(QueueName queue, StreamState state) {
    return queues.getOrDefault(queue, Map.of()).getOrDefault(state, 0);
  }

  int countWithout(Set<QueueName> left, StreamState state) {
    return queues.entrySet().stream()
        .filter(queue -> !left.contains(queue.getKey()))
        .mapToInt(queue -> queue.getValue().getOrDefault(state, 0))
        .sum();
  }
}
