package dev.dueline.grpc.call;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.ServerTransportFilter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long a connection has until its watchers must move. Connections end of age, so that new
 * replicas get load: gRPC sends GOAWAY at 0.9 to 1.1 of the age, and cuts what is still there after
 * the grace. Calls of one answer are over by then. A watcher is sent Draining at 1.1 to 1.2 of the
 * age, when its client connects anew for sure, and has the rest of the time to settle its jobs.
 *
 * @param drainingNanos when its watchers must move, by {@link System#nanoTime}
 * @param timeout to settle their jobs then
 */
public record ConnectionAge(long drainingNanos, Duration timeout) {
  private static final double GOAWAY_EARLIEST = 0.9;
  private static final double DRAINING_EARLIEST = 1.1;
  private static final double DRAINING_SPREAD = 0.1;

  /** Time to write the last words before the cut. */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  private static final Attributes.Key<Long> DRAINING_NANOS =
      Attributes.Key.create("dueline-draining-nanos");
  private static final Attributes.Key<Duration> TIMEOUT =
      Attributes.Key.create("dueline-draining-timeout");
  private static final Context.Key<ConnectionAge> LEFT = Context.key("dueline-connection-age");

  /** The shortest grace in which watchers have a moment between Draining and the cut. */
  public static Duration leastGrace(Duration age) {
    return scaled(age, DRAINING_EARLIEST + DRAINING_SPREAD - GOAWAY_EARLIEST)
        .plus(MARGIN)
        .plus(MARGIN);
  }

  /** Remembers when each connection began. */
  public static ServerTransportFilter filter(Duration age, Duration grace) {
    Duration timeout =
        grace
            .minus(scaled(age, DRAINING_EARLIEST + DRAINING_SPREAD - GOAWAY_EARLIEST))
            .minus(MARGIN);
    return new ServerTransportFilter() {
      @Override
      public Attributes transportReady(Attributes transport) {
        double share =
            DRAINING_EARLIEST + ThreadLocalRandom.current().nextDouble() * DRAINING_SPREAD;
        return transport.toBuilder()
            .set(DRAINING_NANOS, System.nanoTime() + scaled(age, share).toNanos())
            .set(TIMEOUT, timeout)
            .build();
      }
    };
  }

  /** That of the call that this thread begins; empty: connections do not age. */
  public static Optional<ConnectionAge> current() {
    return Optional.ofNullable(LEFT.get());
  }

  public static Context in(Context context, Attributes transport) {
    Long drainingNanos = transport.get(DRAINING_NANOS);
    Duration timeout = transport.get(TIMEOUT);
    if (drainingNanos == null || timeout == null) {
      return context;
    }
    return context.withValue(LEFT, new ConnectionAge(drainingNanos, timeout));
  }

  /** How long until its watchers must move; zero: now. */
  public Duration untilDraining() {
    return Duration.ofNanos(Math.max(0, drainingNanos - System.nanoTime()));
  }

  private static Duration scaled(Duration duration, double by) {
    return Duration.ofNanos((long) (duration.toNanos() * by));
  }
}
