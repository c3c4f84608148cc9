package dev.dueline.delivery.lease;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.job.Shard;
import dev.dueline.store.JobStore;
import dev.dueline.store.due.ExpiredLeases;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.QueueTurns;
import dev.dueline.store.queue.QueueTurns.Turn;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * This replica's share of looking after all queues, watched or not: ends what time has ended by
 * itself and nobody asked for, and deletes queues that nobody uses. At most one call is under way.
 * A shard that fails is left for the next round.
 */
public final class Housekeeping {
  /** Between two calls for a shard where much is over: 100 batches of 100 a second. */
  private static final Duration PACE = Duration.ofMillis(10);

  /** Batches of a shard in one turn: what is left waits for the next round. */
  private static final int MOST_BATCHES = 1_000;

  /** Spreads replicas, so that not all ask at once for a turn that only one can have. */
  private static final Duration SPREAD = Duration.ofMillis(200);

  /** Before the next try where the store is away. */
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final JobStore store;
  private final QueueDirectory directory;
  private final QueueTurns turns;
  private final Duration idleTtl;
  private final DeliveryContext context;
  private final Alarm alarm;
  private final Deque<Shard> shards = new ArrayDeque<>();
  private int batches;
  private boolean isClosed;

  /**
   * Does nothing yet.
   *
   * @param idleTtl after which a queue that is idle is deleted; 0: none is
   */
  public Housekeeping(
      JobStore store,
      QueueDirectory directory,
      QueueTurns turns,
      Duration idleTtl,
      DeliveryContext context) {
    this.store = store;
    this.directory = directory;
    this.turns = turns;
    this.idleTtl = idleTtl;
    this.context = context;
    this.alarm = new Alarm(context.loop());
  }

  /** Looks after queues from now on. Any thread. */
  public void begin() {
    context.loop().execute(() -> rest(Duration.ZERO));
  }

  /** Looks after none any longer. Any thread. */
  public void close() {
    context
        .loop()
        .execute(
            () -> {
              isClosed = true;
              alarm.cancel();
            });
  }

  private void rest(Duration atLeast) {
    if (!isClosed) {
      alarm.set(atLeast.plus(context.jittered(SPREAD)), this::take);
    }
  }

  private void take() {
    context.call(
        turns.take().chain(turn -> layOut(turn).replaceWith(turn)),
        turn -> next(turn.next()),
        away -> {
          shards.clear();
          rest(RETRY);
        });
  }

  /** A queue that cannot be read holds up no other. */
  private Uni<Void> layOut(Turn turn) {
    return directory
        .layouts(turn.queues())
        .emitOn(context.loop()::execute)
        .invoke(found -> found.layouts().forEach(layout -> shards.addAll(layout.shards())))
        .replaceWithVoid();
  }

  private void next(Duration nextTurn) {
    Shard shard = shards.peek();
    if (shard == null || isClosed) {
      rest(nextTurn);
      return;
    }
    context.call(
        store.expire(shard, JobStore.MAX_BATCH),
        expired -> looked(shard, expired, nextTurn),
        away -> leave(nextTurn));
  }

  private void looked(Shard shard, ExpiredLeases expired, Duration nextTurn) {
    if (expired.mayHaveMore() && ++batches < MOST_BATCHES) {
      alarm.set(PACE, () -> next(nextTurn));
    } else if (!idleTtl.isZero() && shard.index() == shard.of() - 1) {
      deleteIdle(new QueueLayout(shard.queue(), shard.of()), nextTurn);
    } else {
      leave(nextTurn);
    }
  }

  /** Once all its shards were looked at, so that what was over is not in the way. */
  private void deleteIdle(QueueLayout layout, Duration nextTurn) {
    context.call(
        directory.deleteIdle(layout, idleTtl),
        isGone -> {
          if (isGone) {
            context.observer().idleQueueDeleted(layout.queue());
          }
          leave(nextTurn);
        },
        away -> leave(nextTurn));
  }

  private void leave(Duration nextTurn) {
    batches = 0;
    shards.poll();
    next(nextTurn);
  }
}
