package dev.dueline.ops;

import dev.dueline.store.redis.RedisStore;
import dev.dueline.store.redis.ServerFacts;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicBoolean;

/** What Redis says of itself. A scrape cannot wait for Redis: it gets what the one before asked. */
@Startup
@Singleton
final class StoreMetrics {
  private final RedisStore store;
  private final AtomicBoolean isAsking = new AtomicBoolean();
  private volatile double usedMemoryBytes = Double.NaN;

  StoreMetrics(RedisStore store, MeterRegistry registry) {
    this.store = store;
    Gauge.builder("dueline.redis.used.memory", this, StoreMetrics::scrape)
        .baseUnit("bytes")
        .description("Bytes that all primaries have allocated, as of the scrape before")
        .register(registry);
  }

  private double scrape() {
    if (isAsking.compareAndSet(false, true)) {
      store
          .facts()
          .map(all -> all.stream().mapToLong(ServerFacts::usedMemoryBytes).sum())
          .onTermination()
          .invoke(() -> isAsking.set(false))
          .subscribe()
          .with(bytes -> usedMemoryBytes = bytes, failure -> usedMemoryBytes = Double.NaN);
    }
    return usedMemoryBytes;
  }
}
