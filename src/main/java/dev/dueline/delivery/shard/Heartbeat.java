package dev.dueline.delivery.shard;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.time.Alarm;
import dev.dueline.delivery.time.StoreClock;
import dev.dueline.store.Announcements;
import dev.dueline.store.Announcements.Beat;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One call a second to each server of the store, however many shards there are: it shows that news
 * comes through, which is seen to where it comes from, and what time it is there. Where a clock
 * stepped, what loops wait for may be due already, or later than they know.
 */
final class Heartbeat {
  private static final Duration PERIOD = Duration.ofSeconds(1);

  /** A loop that knows the time less exactly than that is late by no more. */
  private static final Duration LEAST_STEP = Duration.ofMillis(50);

  private final Announcements announcements;
  private final DeliveryContext context;
  private final Runnable onStep;
  private final Alarm alarm;
  private final Map<String, StoreClock> clocks = new HashMap<>();

  /**
   * Silent.
   *
   * @param onStep called when a clock of the store has stepped
   */
  Heartbeat(Announcements announcements, DeliveryContext context, Runnable onStep) {
    this.announcements = announcements;
    this.context = context;
    this.onStep = onStep;
    this.alarm = new Alarm(context.loop());
  }

  /** Beats now, and from now on for as long as the loop turns. */
  void beat() {
    long sentNanos = context.loop().nanoTime();
    context.call(
        Uni.createFrom().deferred(() -> announcements.beat(context.replica())),
        beats -> heard(sentNanos, beats),
        silence -> heard(sentNanos, List.of()));
  }

  private void heard(long sentNanos, List<Beat> beats) {
    beats.forEach(beat -> observe(sentNanos, beat));
    alarm.set(PERIOD, this::beat);
  }

  private void observe(long sentNanos, Beat beat) {
    Duration step =
        clocks
            .computeIfAbsent(beat.group(), group -> new StoreClock(context.loop()))
            .observe(sentNanos, beat.nowUs());
    if (step.abs().compareTo(LEAST_STEP) > 0) {
      context.observer().storeClockStepped(context.replica(), beat.server(), step);
      onStep.run();
    }
  }
}
