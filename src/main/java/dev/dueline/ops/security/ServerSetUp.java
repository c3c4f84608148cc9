package dev.dueline.ops.security;

import dev.dueline.grpc.call.CallBounds;
import dev.dueline.grpc.call.ConnectionAge;
import dev.dueline.grpc.call.UnknownMethods;
import dev.dueline.grpc.connection.CallAccount;
import dev.dueline.grpc.connection.Connections;
import dev.dueline.grpc.connection.GuardedNegotiator;
import dev.dueline.grpc.connection.PeerLimits;
import dev.dueline.grpc.message.BoundedRequests;
import dev.dueline.ops.dev.ClockServer;
import dev.dueline.ops.scaler.ScalerServer;
import io.grpc.netty.NettyServerBuilder;
import io.quarkus.grpc.api.ServerBuilderCustomizer;
import io.quarkus.grpc.runtime.config.GrpcServerConfiguration;
import io.quarkus.runtime.StartupEvent;
import io.vertx.grpc.VertxServerBuilder;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Gives the gRPC server its TLS and what holds for each connection. */
@Singleton
final class ServerSetUp implements ServerBuilderCustomizer<VertxServerBuilder> {
  /** The time that {@link PeerLimits#resetsPerConnection} counts in. */
  private static final int RESETS_SECONDS = 10;

  /**
   * A client that stands still answers no ping; its leases are extended, and its stream stays, for
   * no longer than keep-alive-time and this together.
   */
  private static final int PING_TIMEOUT_SECONDS = 10;

  private final Security security;
  private final ConnectionConfig config;
  private final PeerLimits limits;
  private final Connections connections;
  private final ClockServer clock;
  private final ScalerServer scaler;

  ServerSetUp(
      Security security,
      ConnectionConfig config,
      PeerLimits limits,
      Connections connections,
      ClockServer clock,
      ScalerServer scaler) {
    this.security = security;
    this.config = config;
    this.limits = limits;
    this.connections = connections;
    this.clock = clock;
    this.scaler = scaler;
    check(config.connectionAge(), config.connectionAgeGrace());
  }

  /** Before anything else starts: where the gRPC server fails alone, the framework goes on. */
  void started(@Observes @Priority(1) StartupEvent event) {
    security.begin();
  }

  @Override
  public void customize(GrpcServerConfiguration server, VertxServerBuilder builder) {
    NettyServerBuilder netty = builder.nettyBuilder();
    ServerTls tls = security.tls();
    GuardedNegotiator.guard(netty, connections, tls == null ? null : tls.context());
    netty
        .keepAliveTimeout(PING_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .addStreamTracerFactory(CallAccount.factory(BoundedRequests::maxBytes))
        .intercept(new CallBounds())
        .fallbackHandlerRegistry(new UnknownMethods())
        .maxConcurrentCallsPerConnection(limits.callsPerConnection())
        .maxRstFramesPerWindow(limits.resetsPerConnection(), RESETS_SECONDS);
    clock.addTo(netty);
    scaler.addTo(netty);
    age(netty, config.connectionAge(), config.connectionAgeGrace());
  }

  private static void age(NettyServerBuilder netty, Duration age, Duration grace) {
    if (!age.isZero()) {
      netty
          .maxConnectionAge(age.toMillis(), TimeUnit.MILLISECONDS)
          .maxConnectionAgeGrace(grace.toMillis(), TimeUnit.MILLISECONDS)
          .addTransportFilter(ConnectionAge.filter(age, grace));
    }
  }

  private static void check(Duration age, Duration grace) {
    Duration least = ConnectionAge.leastGrace(age);
    if (!age.isZero() && grace.compareTo(least) < 0) {
      throw new UnsafeSettingException(
          "dueline.limits.connection-age-grace cuts watchers that have not had the time to move:"
              + " set it to at least "
              + least.toSeconds()
              + "s, or a shorter dueline.limits.connection-age");
    }
  }
}
