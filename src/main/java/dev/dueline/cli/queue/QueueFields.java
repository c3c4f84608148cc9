package dev.dueline.cli.queue;

import dev.dueline.cli.text.IdText;
import dev.dueline.cli.text.Line;
import dev.dueline.cli.text.TimeText;
import dev.dueline.v1.Queue;
import dev.dueline.v1.QueueDelivery;
import dev.dueline.v1.QueueLimits;
import dev.dueline.v1.QueueStats;
import java.util.ArrayList;
import java.util.List;

/**
 * All of a queue, a line a field, in the contract's names and order; a limit that is not set has no
 * line.
 */
final class QueueFields {
  private final List<String> lines = new ArrayList<>();

  private QueueFields() {}

  static List<String> of(Queue queue) {
    QueueFields fields = new QueueFields();
    fields.add("name", IdText.format(queue.getName()));
    fields.add("paused", queue.getPaused());
    fields.addLimits(queue.getLimits());
    fields.addStats(queue.getStats());
    fields.add("shards", queue.getShards());
    fields.addDelivery(queue.getDelivery());
    return fields.lines;
  }

  static List<String> of(QueueLimits limits) {
    QueueFields fields = new QueueFields();
    fields.addLimits(limits);
    return fields.lines;
  }

  static List<String> of(QueueDelivery delivery) {
    QueueFields fields = new QueueFields();
    fields.addDelivery(delivery);
    return fields.lines;
  }

  private void addLimits(QueueLimits limits) {
    if (limits.getMaxDispatchesPerSecond() > 0) {
      add("max_dispatches_per_second", limits.getMaxDispatchesPerSecond());
    }
    if (limits.getMaxOutstandingJobs() > 0) {
      add("max_outstanding_jobs", limits.getMaxOutstandingJobs());
    }
    if (limits.getMaxPendingJobs() > 0) {
      add("max_pending_jobs", limits.getMaxPendingJobs());
    }
  }

  private void addStats(QueueStats stats) {
    add("pending_jobs", stats.getPendingJobs());
    add("due_jobs", stats.getDueJobs());
    add("leased_jobs", stats.getLeasedJobs());
    add("dead_jobs", stats.getDeadJobs());
    if (stats.hasNextDueTime()) {
      add("next_due_time", TimeText.format(stats.getNextDueTime()));
    }
    add("scheduled_total", stats.getScheduledTotal());
    add("dispatched_total", stats.getDispatchedTotal());
    add("acked_total", stats.getAckedTotal());
    add("retried_total", stats.getRetriedTotal());
    add("dead_total", stats.getDeadTotal());
    add("canceled_total", stats.getCanceledTotal());
    add("expired_total", stats.getExpiredTotal());
    add("watchers", stats.getWatchers());
  }

  private void addDelivery(QueueDelivery delivery) {
    if (delivery.hasStream()) {
      add("delivery", "stream");
      add("consumer_group", delivery.getStream().getConsumerGroup());
      add("max_stream_length", delivery.getStream().getMaxStreamLength());
      delivery.getStream().getStreamKeysList().forEach(key -> add("stream_key", key));
    } else {
      add("delivery", "watchers");
    }
  }

  private void add(String name, Object value) {
    lines.add(Line.of(name, value));
  }
}
