package dev.dueline.ops;

import io.grpc.Server;
import io.quarkus.grpc.runtime.GrpcServer;
import io.quarkus.grpc.runtime.config.GrpcConfiguration;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.value.registry.ValueRegistry;
import io.vertx.core.Vertx;
import io.vertx.grpc.VertxServer;
import io.vertx.grpc.VertxServerBuilder;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends the connections of the gRPC server in order: clients are told by GOAWAY to go elsewhere,
 * calls that were begun are answered, and only then the server stops. The framework alone takes the
 * server's event loops away first, and calls that still come end with INTERNAL.
 *
 * <p>To that end it takes part in the server, which servers of the same address share, and so gives
 * it a second event loop.
 */
@Singleton
final class GrpcConnections {
  private final Vertx vertx;
  private @Nullable Server server;

  GrpcConnections(Vertx vertx) {
    this.vertx = vertx;
  }

  void started(@Observes StartupEvent event, GrpcConfiguration config, ValueRegistry values) {
    // What is configured: the property of that name gives the port that 0 became.
    String host = config.server().host();
    int port = config.server().port();
    // Tests bind to other ports, and 0 shares nothing.
    if (LaunchMode.current() != LaunchMode.NORMAL) {
      return;
    }
    // The framework logs why, and goes on without a server. One that listens has its port there
    // before the start goes on; the count of servers may come after.
    if (!values.containsKey(GrpcServer.GRPC_PORT)) {
      throw new IllegalStateException(
          "The gRPC server did not start on %s:%d: the error above says why. Where the address is in use, end what uses it or set quarkus.grpc.server.port"
              .formatted(host, port));
    }
    if (port > 0) {
      VertxServer shared = VertxServerBuilder.forAddress(vertx, host, port).build();
      shared.start(started -> {});
      server = shared.getRawServer();
    }
  }

  /** Takes no new calls, waits for those that were begun, but not for long, and hangs up. */
  void end(Duration longest) {
    Server ending = server;
    if (ending == null) {
      return;
    }
    ending.shutdown();
    try {
      ending.awaitTermination(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ending.shutdownNow();
  }
}
