package dev.dueline.ops.health;

import dev.dueline.grpc.health.HealthService;
import dev.dueline.ops.security.Security;
import dev.dueline.v1.QueueServiceGrpc;
import dev.dueline.v1.SchedulerServiceGrpc;
import io.grpc.protobuf.services.HealthStatusManager;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.grpc.GrpcService;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Lets {@code grpc.health.v1} say what the HTTP probe says: whether jobs flow here, and tokens can
 * be checked.
 */
@Singleton
final class GrpcHealth {
  private static final Duration PAUSE = Duration.ofMillis(500);

  /** Calls wait for it. */
  private static final Duration PAUSE_WHILE_DOWN = Duration.ofMillis(100);

  /** Before the drain, which takes its time. */
  private static final int BEFORE_DRAIN = 1;

  private static final List<String> SERVICES =
      List.of(
          HealthStatusManager.SERVICE_NAME_ALL_SERVICES,
          SchedulerServiceGrpc.SERVICE_NAME,
          QueueServiceGrpc.SERVICE_NAME);

  private final HealthService health;
  private final StoreHealth store;
  private final Security security;
  private volatile boolean isDraining;
  private volatile boolean isStoreUp;
  private volatile boolean isEnded;

  GrpcHealth(
      @GrpcService HealthService health,
      @Readiness StoreHealth store,
      Security security,
      MeterRegistry registry) {
    this.health = health;
    this.store = store;
    this.security = security;
    Gauge.builder("dueline.store.up", () -> isStoreUp ? 1 : 0)
        .description("Whether a script that may write ran on each Redis primary just now")
        .register(registry);
  }

  void started(@Observes StartupEvent event) {
    look();
  }

  void goingAway(@Observes @Priority(BEFORE_DRAIN) ShutdownDelayInitiatedEvent event) {
    isDraining = true;
    say(false);
  }

  void ended(@Observes ShutdownEvent event) {
    isEnded = true;
  }

  private void look() {
    store
        .call()
        .map(answer -> answer.getStatus() == HealthCheckResponse.Status.UP)
        .invoke(isUp -> isStoreUp = isUp)
        .invoke(isUp -> say(isUp && security.missingKeys().isEmpty()))
        .subscribe()
        .with(isUp -> lookAgainAfter(isUp ? PAUSE : PAUSE_WHILE_DOWN));
  }

  /** Unless the process ends, which has no timer for it any longer. */
  private void lookAgainAfter(Duration pause) {
    if (!isEnded) {
      Uni.createFrom().voidItem().onItem().delayIt().by(pause).subscribe().with(done -> look());
    }
  }

  private void say(boolean isServing) {
    boolean isUp = isServing && !isDraining;
    SERVICES.forEach(service -> health.say(isUp, service));
  }
}
