package dev.dueline.delivery.lease;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.job.Shard;
import dev.dueline.store.JobStore;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.due.ExpiredLeases;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.QueueTurns;
import dev.dueline.store.queue.QueueTurns.Turn;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * This replica's share of looking after all queues, watched or not: ends what time has ended by
 * itself and nobody asked for, and deletes queues that nobody uses. Shards that are watched here,
 * and are known to be quiet, are passed over. A few shards are looked at together, which costs a
 * fraction of what it costs one by one; those where something was over are then worked off one
 * after the other. A shard that fails is left for the next round.
 */
public final class Housekeeping {
  /** Shards that are looked at together. */
  private static final int TOGETHER = 10;

  /**
   * Leases, and jobs past their ttl, that each of these looks ends at most: all of them together as
   * many as a batch. Dead jobs that are too old have a bound of their own, 100 a shard.
   */
  private static final int MOST_IN_LOOK = JobStore.MAX_BATCH / TOGETHER;

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
  private final Predicate<Shard> isQuiet;
  private final Duration idleTtl;
  private final DeliveryContext context;
  private final Alarm alarm;
  private final Deque<Shard> shards = new ArrayDeque<>();

  /** Of those that were looked at together: where more may be over. */
  private final Deque<Shard> unfinished = new ArrayDeque<>();

  /** The same: where nothing is over any longer, or was ended as far as it is in one turn. */
  private final List<Shard> done = new ArrayList<>();

  private int batches;
  private boolean isResting;

  /** Whether it does not rest before the next turn. */
  private boolean isInHaste;

  private boolean isFailing;
  private boolean isClosed;

  /**
   * Does nothing yet.
   *
   * @param isQuiet whether this replica knows that nothing is over in a shard
   * @param idleTtl after which a queue that is idle is deleted; 0: none is
   */
  public Housekeeping(
      JobStore store,
      QueueDirectory directory,
      QueueTurns turns,
      Predicate<Shard> isQuiet,
      Duration idleTtl,
      DeliveryContext context) {
    this.store = store;
    this.directory = directory;
    this.turns = turns;
    this.isQuiet = isQuiet;
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

  /**
   * A clock of the store has stepped: where it was set back, leases that nobody watches are cut to
   * what is left of them by the clock that is now once they are looked at. On the loop.
   */
  public void clockStepped() {
    isInHaste = true;
    if (isResting) {
      rest(Duration.ZERO);
    }
  }

  private void rest(Duration atLeast) {
    if (!isClosed) {
      isResting = true;
      Duration pause = isInHaste ? Duration.ZERO : atLeast;
      alarm.set(pause.plus(context.jittered(SPREAD)), this::take);
    }
  }

  private void take() {
    isResting = false;
    isInHaste = false;
    context.call(
        turns.take().chain(turn -> layOut(turn).replaceWith(turn)),
        turn -> {
          if (isFailing) {
            isFailing = false;
            context.observer().housekeepingRecovered();
          }
          next(turn.next());
        },
        this::failed);
  }

  private void failed(Throwable problem) {
    if (!isFailing && !isClosed) {
      isFailing = true;
      context.observer().housekeepingFailed(problem);
    }
    shards.clear();
    rest(RETRY);
  }

  /** A queue that cannot be read holds up no other. */
  private Uni<Void> layOut(Turn turn) {
    return directory
        .layouts(turn.queues())
        .emitOn(context.loop()::execute)
        .invoke(
            found ->
                found.layouts().stream()
                    .flatMap(layout -> layout.shards().stream())
                    .filter(shard -> !isQuiet.test(shard) || mayEnd(shard))
                    .forEach(shards::add))
        .replaceWithVoid();
  }

  /** A queue may be idle although a pull waits for its jobs. */
  private boolean mayEnd(Shard shard) {
    return !idleTtl.isZero() && shard.index() == shard.of() - 1;
  }

  private void next(Duration nextTurn) {
    if (shards.isEmpty() || isClosed) {
      rest(nextTurn);
      return;
    }
    List<Shard> group = new ArrayList<>();
    while (!shards.isEmpty() && group.size() < TOGETHER) {
      group.add(shards.remove());
    }
    afterEach(group, this::look, () -> workOff(nextTurn));
  }

  private Uni<ExpiredLeases> look(Shard shard) {
    return store
        .expire(shard, MOST_IN_LOOK)
        .emitOn(context.loop()::execute)
        .invoke(expired -> (expired.mayHaveMore() ? unfinished : done).add(shard));
  }

  private void workOff(Duration nextTurn) {
    if (isClosed) {
      return;
    }
    Shard shard = unfinished.peek();
    if (shard == null) {
      deleteIdle(nextTurn);
      return;
    }
    context.call(
        store.expire(shard, JobStore.MAX_BATCH),
        expired -> {
          if (expired.mayHaveMore() && ++batches < MOST_BATCHES) {
            alarm.set(PACE, () -> workOff(nextTurn));
          } else {
            done.add(shard);
            leave(nextTurn);
          }
        },
        away -> leave(nextTurn));
  }

  private void leave(Duration nextTurn) {
    batches = 0;
    unfinished.remove();
    workOff(nextTurn);
  }

  /** Queues whose last shard is done, so that what was over is not in the way. */
  private void deleteIdle(Duration nextTurn) {
    List<QueueLayout> queues =
        done.stream()
            .filter(this::mayEnd)
            .map(shard -> new QueueLayout(shard.queue(), shard.of()))
            .toList();
    done.clear();
    afterEach(queues, this::deleteIdle, () -> next(nextTurn));
  }

  private Uni<Boolean> deleteIdle(QueueLayout layout) {
    return directory
        .deleteIdle(layout, idleTtl)
        .emitOn(context.loop()::execute)
        .invoke(
            isGone -> {
              if (isGone) {
                context.observer().idleQueueDeleted(layout.queue());
              }
            });
  }

  /** Goes on once the calls are over, whatever became of them. */
  private <T, R> void afterEach(List<T> items, Function<T, Uni<R>> call, Runnable next) {
    context.call(ShardCalls.eachToItsEnd(items, call), all -> next.run(), oneAtLeast -> next.run());
  }
}
