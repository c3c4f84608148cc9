package dev.dueline.ops.metrics;

import dev.dueline.job.QueueName;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counters of dead jobs that were dropped. Redis has the sum of each queue; that of the others only
 * rises by what the sums of queues rise while they have no label, so that a label that changes
 * hands is no jump. Not thread-safe.
 */
final class DroppedDeadJobs {
  /** Queues that ever dropped any; of those beyond, the others' counter knows nothing. */
  private static final int MOST_REMEMBERED = 10_000;

  private final MeterRegistry registry;
  private final Map<QueueName, Long> last = new HashMap<>();
  private final Map<String, Series> byLabel = new HashMap<>();

  DroppedDeadJobs(MeterRegistry registry) {
    this.registry = registry;
  }

  private record Series(AtomicLong value, Meter meter) {}

  /** A queue has dropped so many since it was created, and has this label now. */
  void counted(QueueName queue, String label, long dropped) {
    AtomicLong value = byLabel.computeIfAbsent(label, this::open).value;
    long rise = Math.max(0, dropped - last.getOrDefault(queue, 0L));
    boolean isKnown = last.containsKey(queue);
    if (isKnown || (dropped > 0 && last.size() < MOST_REMEMBERED)) {
      last.put(queue, dropped);
      isKnown = true;
    }
    if (!label.equals(QueueLabels.OTHER)) {
      value.set(dropped);
    } else if (isKnown) {
      value.addAndGet(rise);
    }
  }

  /** Labels other than these are gone. */
  void keep(Set<String> labels) {
    byLabel
        .entrySet()
        .removeIf(
            entry -> {
              boolean isGone = !labels.contains(entry.getKey());
              if (isGone) {
                registry.remove(entry.getValue().meter);
              }
              return isGone;
            });
  }

  private Series open(String label) {
    AtomicLong dropped = new AtomicLong();
    FunctionCounter meter =
        FunctionCounter.builder("dueline.dead.dropped", dropped, AtomicLong::get)
            .description("Dead jobs that were too many or too old, since the queue came to be")
            .tag("queue", label)
            .register(registry);
    return new Series(dropped, meter);
  }
}
