package dev.dueline.ops.liveness;

import dev.dueline.delivery.time.EventLoop;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;

/**
 * Whether the loops that serve turn, kept by a thread that shares nothing with them. Answering
 * takes no thread but the one that has read the question; where that is the one that is stuck,
 * there is no answer, which a probe takes for the same.
 */
@Singleton
@Liveness
final class LoopLiveness implements AsyncHealthCheck {
  private static final Duration TICK = Duration.ofSeconds(1);

  private final LoopWatch watch;
  private final Thread thread;

  LoopLiveness(EventLoop delivery, Vertx vertx, LivenessConfig config, MeterRegistry registry) {
    long ticks = config.timeout().toSeconds();
    if (ticks < 1 || ticks > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("dueline.liveness.timeout: 1s or more");
    }
    watch = new LoopWatch(new ServingLoops(delivery, vertx), (int) ticks);
    thread = new Thread(this::tick, "dueline-liveness");
    thread.setDaemon(true);
    Gauge.builder("dueline.loops.stuck", () -> watch.stuck().size())
        .description("Event loops that have not turned for dueline.liveness.timeout")
        .register(registry);
  }

  void started(@Observes StartupEvent event) {
    thread.start();
  }

  void ended(@Observes ShutdownEvent event) {
    thread.interrupt();
  }

  @SuppressWarnings("InfiniteLoopStatement")
  private void tick() {
    try {
      while (true) {
        Thread.sleep(TICK.toMillis());
        watch.tick();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    Map<String, Integer> stuck = watch.stuck();
    HealthCheckResponseBuilder response = HealthCheckResponse.named("loops turn");
    stuck.forEach((loop, seconds) -> response.withData(loop, "no turn for " + seconds + " s"));
    return Uni.createFrom().item(response.status(stuck.isEmpty()).build());
  }
}
