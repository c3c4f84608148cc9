package dev.dueline.ops.metrics;

import dev.dueline.job.QueueName;
import dev.dueline.store.failure.StoreRefusesException;
import dev.dueline.store.redis.failure.RedisFailures;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Counts the rounds in which not all queues could be counted, and logs when such rounds begin and
 * end. Which key of which shard cannot be read, and that Redis refuses, the store says. Not
 * thread-safe.
 */
final class IncompleteRounds {
  private static final Logger LOG = Logger.getLogger("dev.dueline");

  private final Counter rounds;
  private @Nullable Throwable failure;
  private boolean isSaid;

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
    if (isComplete) {
      if (isSaid) {
        LOG.info("Metrics have all queues again");
      }
      isSaid = false;
    } else if (!isSaid && !isRefusal(failed)) {
      isSaid = true;
      begin(failed);
    }
    failure = null;
  }

  private boolean isRefusal(Map<QueueName, Throwable> failed) {
    return failure == null
        ? failed.values().stream().allMatch(StoreRefusesException.class::isInstance)
        : failure instanceof StoreRefusesException;
  }

  private void begin(Map<QueueName, Throwable> failed) {
    if (failure != null) {
      LOG.warnf(
          "Metrics lack queues, since their names cannot be read: %s",
          RedisFailures.reason(failure));
    } else {
      Map.Entry<QueueName, Throwable> first = failed.entrySet().iterator().next();
      LOG.warnf(
          failed.size() == 1
              ? "Metrics lack %d queue, which cannot be counted, %s: %s"
              : "Metrics lack %d queues, which cannot be counted, such as %s: %s",
          failed.size(),
          first.getKey(),
          RedisFailures.reason(first.getValue()));
    }
  }
}
