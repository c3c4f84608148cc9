package dev.dueline.operation.clock;

import dev.dueline.delivery.time.MovableClock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Moves the clock to the next event by itself when nothing is under way: somebody waits for the job
 * that it brings, no lease is out, nothing is due that somebody takes, and no client has called for
 * a while, nor begun or ended to wait for jobs. So time is never skipped while a job is worked on,
 * nor before its worker is there. What a client is about to do it cannot know: who needs longer
 * between two calls than {@link #CALM} moves the clock by Advance.
 */
final class AutoAdvance {
  /** Real time without a call: between two calls of a test are a few milliseconds. */
  static final Duration CALM = Duration.ofMillis(50);

  private final Lookout lookout;
  private final Activity activity;
  private @Nullable Snapshot last;

  AutoAdvance(Lookout lookout, Activity activity) {
    this.lookout = lookout;
    this.activity = activity;
  }

  /** Looks, and moves the clock if it found the same the last time. Blocks. */
  void look() {
    if (!activity.isCalm(CALM)) {
      last = null;
      return;
    }
    Snapshot snapshot = lookout.look();
    boolean isOver = lookout.endOver(snapshot);
    boolean isSame = last != null && last.shards().equals(snapshot.shards());
    last = snapshot;
    boolean isUnderWay =
        isOver || snapshot.held().findAny().isPresent() || !snapshot.taken().isEmpty();
    long nextMs = snapshot.nextWantedMs();
    if (isSame && !isUnderWay && nextMs <= MovableClock.LATEST_MS && activity.isCalm(CALM)) {
      lookout.moveTo(snapshot, nextMs);
      last = null;
    }
  }
}
