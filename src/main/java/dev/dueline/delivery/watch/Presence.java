package dev.dueline.delivery.watch;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.job.Shard;
import dev.dueline.store.queue.QueueStore;
import java.time.Duration;

/**
 * Tells the other replicas how many watchers a queue has here. Only people look at it, so it may be
 * a little late, and what a replica told that died is forgotten after a while.
 */
final class Presence {
  /** Debounce: watchers come and go together. */
  private static final Duration DEBOUNCE = Duration.ofMillis(200);

  private static final Duration REPEAT = Duration.ofSeconds(10);

  /** What was told is forgotten after so long; a repeat may be lost now and then. */
  private static final Duration TTL = REPEAT.multipliedBy(3);

  private final Shard shard;
  private final QueueStore operations;
  private final DeliveryContext context;
  private final Alarm alarm;
  private int watchers;
  private int told;

  /**
   * Nobody yet.
   *
   * @param shard keeps the number for the whole queue
   */
  Presence(Shard shard, QueueStore operations, DeliveryContext context) {
    this.shard = shard;
    this.operations = operations;
    this.context = context;
    this.alarm = new Alarm(context.loop());
  }

  /** So many watch the queue now. */
  void changed(int count) {
    watchers = count;
    alarm.set(DEBOUNCE, this::tell);
  }

  /** Nobody does any longer, and nothing more will be said. */
  void close() {
    alarm.cancel();
    watchers = 0;
    if (told > 0) {
      send();
    }
  }

  private void tell() {
    if (watchers > 0) {
      alarm.set(REPEAT, this::tell);
    }
    if (watchers > 0 || told > 0) {
      send();
    }
  }

  private void send() {
    told = watchers;
    operations
        .present(shard, context.replica(), watchers, TTL)
        .subscribe()
        .with(done -> {}, lost -> {});
  }
}
