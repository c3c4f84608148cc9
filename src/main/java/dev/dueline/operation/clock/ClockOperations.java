package dev.dueline.operation.clock;

import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.time.MovableClock;
import dev.dueline.delivery.watch.Watchers;
import dev.dueline.store.JobStore;
import dev.dueline.store.call.Deadline;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.RedisStreamStore;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * What tests do with the clock of the service. One call at a time is carried out, on a thread of
 * its own, and others wait for it. Thread-safe; nothing happens before a Uni is subscribed.
 */
public final class ClockOperations implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ClockOperations.class);

  /** Between looks whether the clock can move by itself. */
  private static final long LOOK_MS = 10;

  private final MovableClock clock;
  private final Lookout lookout;
  private final Advance advance;
  private final Reset reset;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "dueline-clock");
            made.setDaemon(true);
            return made;
          });

  /** What the service keeps jobs in. */
  public record Stores(
      QueueDirectory directory, JobStore jobs, QueueStore queues, RedisStreamStore streams) {}

  /** The clock stands where it was moved to, and goes on. */
  public ClockOperations(MovableClock clock, Stores stores, Watchers watchers, Leases leases) {
    this.clock = clock;
    this.lookout = new Lookout(stores.directory, stores.jobs, stores.queues, watchers, clock);
    this.advance = new Advance(lookout, clock);
    this.reset = new Reset(lookout, stores.directory, stores.queues, stores.streams, leases);
  }

  /** What it moves: for whoever tells the time. */
  public MovableClock clock() {
    return clock;
  }

  /**
   * Moves it on by a time, from when its turn comes. Fails with {@link ClockTargetException}.
   *
   * @param settleTimeout real time to let delivery settle at each event, at most
   * @param deadline looked at between events
   */
  public Uni<Passage> by(Duration time, Duration settleTimeout, Deadline deadline) {
    return Uni.createFrom()
        .item(() -> advance.by(time.toMillis(), settleTimeout, deadline))
        .runSubscriptionOn(thread);
  }

  /** Moves it to a time, ms since the epoch; the same otherwise. */
  public Uni<Passage> to(long ms, Duration settleTimeout, Deadline deadline) {
    return Uni.createFrom()
        .item(() -> advance.to(ms, settleTimeout, deadline))
        .runSubscriptionOn(thread);
  }

  /** Moves it to the next event; where there is none, it goes on as it does. */
  public Uni<Passage> toNext(Duration settleTimeout, Deadline deadline) {
    return Uni.createFrom()
        .item(() -> advance.toNext(settleTimeout, deadline))
        .runSubscriptionOn(thread);
  }

  /** Empties the store. The clock stays where it is. Gives the time now, ms. */
  public Uni<Long> reset() {
    return Uni.createFrom()
        .item(
            () -> {
              reset.run();
              return clock.millis();
            })
        .runSubscriptionOn(thread);
  }

  /** Has the clock move by itself, from now on, while clients do nothing but wait. */
  public void moveByItself(Activity activity) {
    AutoAdvance auto = new AutoAdvance(lookout, activity);
    var unused =
        thread.scheduleWithFixedDelay(
            () -> {
              try {
                auto.look();
              } catch (RuntimeException e) {
                LOG.debug("the clock could not move by itself, and tries again", e);
              }
            },
            LOOK_MS,
            LOOK_MS,
            TimeUnit.MILLISECONDS);
  }

  /** Moves no more. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
