package dev.dueline.ops;

import dev.dueline.delivery.Replica;
import dev.dueline.delivery.lease.Housekeeping;
import dev.dueline.delivery.redisstream.RedisStreamQueues;
import dev.dueline.delivery.watch.Watchers;
import dev.dueline.grpc.call.StartGate;
import dev.dueline.ops.dev.DevMode;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/**
 * Says that the service is there, and lets it go in order: not ready first, then no more jobs out,
 * then a bounded wait for those that are, then the streams end. The gRPC server and Redis are still
 * there all that while.
 */
@Singleton
@Readiness
final class Lifecycle implements HealthCheck {
  private static final Logger LOG = Logger.getLogger("dev.dueline");

  /** For the last calls' own answers, beyond the drain. */
  private static final Duration SLACK = Duration.ofSeconds(1);

  /** Behind all that may end a start, but before anybody is told that it is over. */
  private static final int LAST_BUT_TWO = Integer.MAX_VALUE - 2;

  private final Replica replica;
  private final Watchers watchers;
  private final RedisStreamQueues streams;
  private final Housekeeping housekeeping;
  private final GrpcConnections connections;
  private final DrainConfig config;
  private final AtomicBoolean isDraining = new AtomicBoolean();

  Lifecycle(
      Replica replica,
      Watchers watchers,
      RedisStreamQueues streams,
      Housekeeping housekeeping,
      GrpcConnections connections,
      DrainConfig config) {
    this.replica = replica;
    this.watchers = watchers;
    this.streams = streams;
    this.housekeeping = housekeeping;
    this.connections = connections;
    this.config = config;
  }

  void started(
      @Observes StartupEvent event,
      HousekeepingConfig config,
      @ConfigProperty(name = "quarkus.grpc.server.host") String host,
      @ConfigProperty(name = "quarkus.grpc.server.port") int port,
      @ConfigProperty(name = "quarkus.management.host") String managementHost,
      @ConfigProperty(name = "quarkus.management.port") int managementPort) {
    replica.begin();
    streams.begin();
    if (config.shardsPerSecond() > 0) {
      housekeeping.begin();
    }
    if (DevMode.current().isPresent()) {
      LOG.infof("Dueline takes jobs by gRPC on %s:%d, for development and tests", host, port);
    } else {
      LOG.infof(
          "Dueline takes jobs by gRPC on %s:%d; health and metrics are on %s:%d",
          host, port, managementHost, managementPort);
    }
  }

  void started(@Observes @Priority(LAST_BUT_TWO) StartupEvent event, StartGate gate) {
    gate.open();
  }

  void goingAway(@Observes ShutdownDelayInitiatedEvent event) {
    isDraining.set(true);
    LOG.info(
        "Going away: no more jobs go out, and those that are out have time to be acknowledged");
    long latestNanos = System.nanoTime() + config.timeout().plus(SLACK).toNanos();
    housekeeping.close();
    streams.close();
    try {
      watchers.drain(config.timeout()).await().atMost(config.timeout().plus(SLACK));
    } catch (RuntimeException e) {
      // As where the loop of delivery no longer turns: clients are to hear all the same that they
      // go.
      LOG.warnf(
          "Delivery did not end, so jobs that are out come back when their leases end: %s", e);
    }
    connections.end(Duration.ofNanos(latestNanos - System.nanoTime()));
    LOG.info("Gone: all streams are closed");
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("not draining").status(!isDraining.get()).build();
  }
}
