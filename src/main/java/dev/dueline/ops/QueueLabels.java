package dev.dueline.ops;

import dev.dueline.job.QueueName;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The label of each queue in metrics: its name for the first of them. Thread-safe. */
@Singleton
final class QueueLabels {
  /** Not a name that a queue can have. */
  static final String OTHER = "(other)";

  private final Map<QueueName, String> labels = new ConcurrentHashMap<>();
  private final int most;

  QueueLabels(MetricsConfig config) {
    most = config.maxQueues();
  }

  String of(QueueName queue) {
    String label = labels.get(queue);
    return label != null ? label : enter(queue);
  }

  private synchronized String enter(QueueName queue) {
    if (labels.size() >= most) {
      return labels.getOrDefault(queue, OTHER);
    }
    return labels.computeIfAbsent(queue, QueueName::value);
  }
}
