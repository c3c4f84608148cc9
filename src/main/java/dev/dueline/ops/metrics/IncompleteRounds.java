package dev.dueline.ops.metrics;

import dev.dueline.job.QueueName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Counts the rounds in which not all queues could be counted, and logs when such rounds begin and
 * end. Which key of which shard cannot be read, the store says. Not thread-safe.
 */
final class IncompleteRounds {
  private static final Logger LOG = Logger.getLogger("dev.dueline");

  private final Counter rounds;
  private @Nullable Throwable failure;
  private boolean wasComplete = true;

  IncompleteRounds(MeterRegistry registry) {
    rounds =
        Counter.builder("dueline.gauge.rounds.incomplete")
            .description("Rounds in which some queues could not be counted")
            .register(registry);
  }

  /** The names of the queues could not be read, in this round. */
  void failed(Throwable why) {
    failure = why;
  }

  /** A round is over. */
  void over(Map<QueueName, Throwable> failed) {
    boolean isComplete = failure == null && failed.isEmpty();
    if (!isComplete) {
      rounds.increment();
    }
    if (wasComplete && failure != null) {
      LOG.warnf("Metrics lack queues, since their names cannot be read: %s", failure.getMessage());
    } else if (wasComplete && !isComplete) {
      Map.Entry<QueueName, Throwable> first = failed.entrySet().iterator().next();
      LOG.warnf(
          "Metrics lack %d queues, which cannot be counted, such as %s: %s",
          failed.size(), first.getKey(), first.getValue().getMessage());
    } else if (!wasComplete && isComplete) {
      LOG.info("Metrics have all queues again");
    }
    wasComplete = isComplete;
    failure = null;
  }
}
