package dev.dueline.ops.metrics;

import dev.dueline.grpc.connection.ConnectionObserver;
import dev.dueline.grpc.connection.EndReason;
import dev.dueline.grpc.connection.Excess;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/** Counts connections, and says at most once a minute that some had to go. */
@Singleton
final class ConnectionMetrics implements ConnectionObserver {
  private static final Logger LOG = Logger.getLogger("dev.dueline");
  private static final long LINE_NANOS = Duration.ofMinutes(1).toNanos();

  private final MeterRegistry registry;
  private final Map<EndReason, Counter> ended = new EnumMap<>(EndReason.class);
  private final Map<Excess, Counter> refused = new EnumMap<>(Excess.class);
  private final AtomicLong nextLineNanos = new AtomicLong(System.nanoTime());

  ConnectionMetrics(MeterRegistry registry) {
    this.registry = registry;
    for (EndReason reason : EndReason.values()) {
      ended.put(reason, registry.counter("dueline.connections.ended", "reason", reason.word()));
    }
    for (Excess excess : Excess.values()) {
      String of = excess.name().toLowerCase(Locale.ROOT);
      refused.put(excess, registry.counter("dueline.calls.refused", "excess", of));
    }
  }

  @Override
  public void counts(IntSupplier connections, IntSupplier calls, LongSupplier messageBytes) {
    Gauge.builder("dueline.connections", connections::getAsInt).register(registry);
    Gauge.builder("dueline.calls", calls::getAsInt)
        .description("Calls in progress, those that watch included")
        .register(registry);
    Gauge.builder("dueline.message", messageBytes::getAsLong)
        .baseUnit("bytes")
        .description("Messages received in part, or not sent yet")
        .register(registry);
  }

  @Override
  public void ended(EndReason reason, String address) {
    count(ended.get(reason));
    long now = System.nanoTime();
    long next = nextLineNanos.get();
    if (now - next >= 0 && nextLineNanos.compareAndSet(next, now + LINE_NANOS)) {
      LOG.warnf(
          "Ended a connection of %s (%s); more of these are counted in"
              + " dueline_connections_ended_total and not logged for a minute. docs/security.md"
              + " tells the limits",
          address, reason.word());
    }
  }

  @Override
  public void refused(Excess excess) {
    count(refused.get(excess));
  }

  private static void count(@org.jspecify.annotations.Nullable Counter counter) {
    if (counter != null) {
      counter.increment();
    }
  }
}
