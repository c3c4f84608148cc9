package dev.dueline.delivery.presence;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.delivery.time.Rotation;
import dev.dueline.job.Shard;
import dev.dueline.store.queue.QueueStore;
import java.time.Duration;

/**
 * Tells the other replicas how many watchers a queue has here. Only people look at it, and whoever
 * deletes idle queues, so it may be a little late, and what a replica told that died is forgotten
 * after a while.
 */
public final class Presence {
  /** Debounce: watchers come and go together. */
  private static final Duration DEBOUNCE = Duration.ofMillis(200);

  private static final Duration REPEAT = Duration.ofSeconds(10);

  /** Before the queue exists nothing can be told. */
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** A repeat may be lost now and then, until what was told is forgotten. */
  private static final int REPEATS = 3;

  private final Shard shard;
  private final QueueStore operations;
  private final Rotation<Presence> turns;
  private final DeliveryContext context;
  private final Alarm debounce;
  private int watchers;
  private int told;

  /**
   * Nobody yet.
   *
   * @param shard keeps the number for the whole queue
   * @param turns of all queues to repeat theirs
   */
  Presence(Shard shard, QueueStore operations, Rotation<Presence> turns, DeliveryContext context) {
    this.shard = shard;
    this.operations = operations;
    this.turns = turns;
    this.context = context;
    this.debounce = new Alarm(context.loop());
  }

  /** So many watch the queue now. */
  public void changed(int count) {
    watchers = count;
    debounce.set(DEBOUNCE, () -> turns.soon(this));
  }

  /** Nobody does any longer, and nothing more will be said. */
  public void close() {
    debounce.cancel();
    turns.remove(this);
    watchers = 0;
    if (told > 0) {
      send();
    }
  }

  /** Its turn has come. */
  void tell() {
    if (watchers > 0) {
      turns.later(this, REPEAT);
    }
    if (watchers > 0 || told > 0) {
      send();
    }
  }

  private void send() {
    told = watchers;
    Duration holdsFor = turns.period(REPEAT).multipliedBy(REPEATS);
    operations
        .present(shard, context.replica(), watchers, holdsFor)
        .subscribe()
        .with(done -> {}, lost -> context.loop().execute(this::retry));
  }

  private void retry() {
    if (watchers > 0) {
      turns.later(this, RETRY);
    }
  }
}
