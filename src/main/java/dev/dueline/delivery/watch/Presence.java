package dev.dueline.delivery.watch;

import dev.dueline.delivery.DeliveryContext;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.job.Shard;
import java.time.Duration;

/**
 * Tells the other replicas how many watchers a queue has here. Only people look at it, so it may be
 * a little late, and what a replica said that died is forgotten after a while.
 */
final class Presence {
  /** Watchers come and go together; one word is enough for all. */
  private static final Duration SETTLING = Duration.ofMillis(200);

  private static final Duration REPEAT = Duration.ofSeconds(10);

  /** A word may be lost now and then. */
  private static final Duration HOLDS = REPEAT.multipliedBy(3);

  private final Shard shard;
  private final DeliveryContext context;
  private final Alarm alarm;
  private int watchers;
  private int told;

  /**
   * Nobody yet.
   *
   * @param shard of the queue that keeps the word
   */
  Presence(Shard shard, DeliveryContext context) {
    this.shard = shard;
    this.context = context;
    this.alarm = new Alarm(context.loop());
  }

  /** So many watch the queue now. */
  void changed(int count) {
    watchers = count;
    alarm.set(SETTLING, this::tell);
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
    context
        .operations()
        .present(shard, context.replica(), watchers, HOLDS)
        .subscribe()
        .with(done -> {}, lost -> {});
  }
}
