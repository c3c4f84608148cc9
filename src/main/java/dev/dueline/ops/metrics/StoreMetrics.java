package dev.dueline.ops.metrics;

import dev.dueline.store.redis.RedisStore;
import dev.dueline.store.redis.ServerFacts;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What Redis says of itself. A scrape cannot wait for Redis: it gets what the one before asked. */
@Startup
@Singleton
final class StoreMetrics {
  private final RedisStore store;
  private final AtomicBoolean isAsking = new AtomicBoolean();
  private volatile List<ServerFacts> primaries = List.of();

  StoreMetrics(RedisStore store, MeterRegistry registry) {
    this.store = store;
    gauge(registry, "dueline.redis.used.memory", "bytes", "What all primaries have allocated")
        .accept(all -> sum(all, ServerFacts::usedMemoryBytes));
    gauge(registry, "dueline.redis.max.memory", "bytes", "What all primaries may; 0: no limit")
        .accept(all -> sum(all, ServerFacts::maxMemoryBytes));
    gauge(registry, "dueline.redis.eviction.safe", null, "1 if no primary deletes jobs when full")
        .accept(all -> all.stream().allMatch(ServerFacts::keepsAll) ? 1 : 0);
  }

  private Consumer<ToDoubleFunction<List<ServerFacts>>> gauge(
      MeterRegistry registry, String name, @Nullable String unit, String description) {
    return value ->
        Gauge.builder(name, () -> scrape(value))
            .baseUnit(unit)
            .description(description + ", as of the scrape before")
            .register(registry);
  }

  private double scrape(ToDoubleFunction<List<ServerFacts>> value) {
    if (isAsking.compareAndSet(false, true)) {
      store
          .facts()
          .onTermination()
          .invoke(() -> isAsking.set(false))
          .subscribe()
          .with(all -> primaries = all, failure -> primaries = List.of());
    }
    return primaries.isEmpty() ? Double.NaN : value.applyAsDouble(primaries);
  }

  private static double sum(List<ServerFacts> all, ToLongFunction<ServerFacts> bytes) {
    return all.stream().mapToLong(bytes).sum();
  }
}
