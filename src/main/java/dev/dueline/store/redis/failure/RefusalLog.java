package dev.dueline.store.redis.failure;

import dev.dueline.store.failure.StoreRefusesException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Whether one server refuses connections or commands by its configuration: one line when that
 * begins, whoever meets it, and one when it is over. Some commands may be served while others are
 * refused, so it is over only when nothing was refused for {@link #QUIET}. Thread-safe.
 */
public final class RefusalLog {
  /** Longer than anything that is asked again and again is left alone. */
  static final Duration QUIET = Duration.ofSeconds(5);

  private static final Logger LOG = Logger.getLogger(RefusalLog.class);

  private final String name;
  private final LongSupplier nanoTime;
  private volatile @Nullable StoreRefusesException last;
  private volatile long lastNanos;

  /**
   * Nothing was refused yet.
   *
   * @param name of the server, for people
   * @param nanoTime a monotonic clock, ns
   */
  public RefusalLog(String name, LongSupplier nanoTime) {
    this.name = name;
    this.nanoTime = nanoTime;
  }

  /** Why it refuses; null if it does not. */
  public @Nullable StoreRefusesException last() {
    return last;
  }

  /** A connection or a command was refused. */
  public synchronized void refused(Throwable failure) {
    lastNanos = nanoTime.getAsLong();
    if (RedisFailures.of(failure) instanceof StoreRefusesException refusal) {
      if (last == null) {
        LOG.warnf("%s refuses commands: %s", name, refusal.getMessage());
      }
      last = refusal;
    }
  }

  /** A command was served. */
  public void served() {
    if (last != null && nanoTime.getAsLong() - lastNanos > QUIET.toNanos()) {
      over();
    }
  }

  private synchronized void over() {
    if (last != null) {
      last = null;
      LOG.infof("%s refuses no commands any longer", name);
    }
  }
}
