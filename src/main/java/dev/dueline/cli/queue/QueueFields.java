package dev.dueline.cli.queue;

import dev.dueline.cli.text.Fields;
import dev.dueline.v1.Queue;
import dev.dueline.v1.QueueDelivery;
import dev.dueline.v1.QueueLimits;
import dev.dueline.v1.QueueStats;

/** All of a queue, in the contract's names and order; a limit that is not set has no field. */
final class QueueFields {
  private final Fields fields = new Fields();

  private QueueFields() {}

  static Fields of(Queue queue) {
    QueueFields all = new QueueFields();
    all.fields.id("name", queue.getName());
    all.add("paused", queue.getPaused());
    all.addLimits(queue.getLimits());
    all.addStats(queue.getStats());
    all.add("shards", queue.getShards());
    all.addDelivery(queue.getDelivery());
    return all.fields;
  }

  static Fields of(QueueLimits limits) {
    QueueFields all = new QueueFields();
    all.addLimits(limits);
    return all.fields;
  }

  static Fields of(QueueDelivery delivery) {
    QueueFields all = new QueueFields();
    all.addDelivery(delivery);
    return all.fields;
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
      fields.time("next_due_time", stats.getNextDueTime());
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
      fields.each("stream_key", "stream_keys", delivery.getStream().getStreamKeysList());
    } else {
      add("delivery", "watchers");
    }
  }

  private void add(String name, Object value) {
    fields.add(name, value);
  }
}
