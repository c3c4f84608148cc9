package dev.dueline.ops.console;

import dev.dueline.access.Authenticator;
import dev.dueline.access.FailedAuthentications;
import dev.dueline.access.Usage;
import dev.dueline.console.Console;
import dev.dueline.console.action.Actions.JobBounds;
import dev.dueline.console.http.Gateway.Rules;
import dev.dueline.console.live.ReplicaFacts;
import dev.dueline.grpc.message.RequestLimits;
import dev.dueline.operation.job.JobOperations;
import dev.dueline.operation.queue.QueueOperations;
import dev.dueline.ops.dev.DevMode;
import dev.dueline.ops.management.BoundedConnections;
import dev.dueline.ops.management.BoundedExchange;
import dev.dueline.ops.management.BoundedExchange.Streams;
import dev.dueline.ops.management.BoundedExchange.Times;
import dev.dueline.ops.management.BoundedListening;
import dev.dueline.ops.security.Security;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.BindException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Serves the console on a port of its own, in HTTP/1.1, over TLS where it is told to. Until
 * somebody asks for a page there is no more of it than that port, and nothing at all where it is
 * off.
 */
@Singleton
public final class ConsoleServer {
  private static final Logger LOG = Logger.getLogger("dev.dueline");

  private static final int PORT = 9091;

  /** An id takes 768 bytes at most in a URL, and the place of a page about as many. */
  private static final int MAX_LINE_BYTES = 8 << 10;

  /** A cookie takes up to 4 KiB, the token of a proxy 8. */
  private static final int MAX_HEADER_BYTES = 16 << 10;

  private static final Times TIMES =
      new Times(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(2));

  /** Event streams come again by themselves, and have their callers looked at anew. */
  private static final Streams STREAMS = new Streams("/events", Duration.ofMinutes(10));

  private final Vertx vertx;
  private final ConsoleConfig config;
  private final Security security;
  private final Console console;
  private final FailedAuthentications failures;
  private final Usage usage;
  private final RequestLimits limits;
  private final BoundedConnections connections;
  private @Nullable WorkerExecutor worker;
  private @Nullable Handler<HttpServerRequest> handler;
  private @Nullable HttpServer server;
  private @Nullable SslContext tls;

  ConsoleServer(
      Vertx vertx,
      ConsoleConfig config,
      Security security,
      FailedAuthentications failures,
      Usage usage,
      RequestLimits limits,
      JobOperations jobs,
      QueueOperations queues,
      ReplicaFacts replica,
      InstantSource clock) {
    this.vertx = vertx;
    this.config = config;
    this.security = security;
    this.failures = failures;
    this.usage = usage;
    this.limits = limits;
    this.console = new Console(jobs, queues, replica, clock);
    this.connections = new BoundedConnections(config.maxConnections());
  }

  /** Where it is; empty: it is off. */
  public Optional<String> url() {
    return Optional.ofNullable(server).map(listening -> url(listening.actualPort()));
  }

  /** Before it is said that the service is there, and where. */
  void started(
      @Observes @Priority(Integer.MAX_VALUE - 1) StartupEvent event,
      @ConfigProperty(name = "quarkus.grpc.server.host") String grpcHost)
      throws BindException {
    boolean isPlain =
        security.isOpen()
            && Security.isLoopback(grpcHost)
            && Security.isLoopback(config.host())
            && LaunchMode.current() == LaunchMode.NORMAL;
    if (!config.enabled().orElse(isPlain)) {
      return;
    }
    security.requireSafe("The console", "dueline.console.host", config.host(), config.tls());
    if (config.tls()) {
      tls = security.webTls("dueline.console.tls=true");
    }
    try {
      server =
          BoundedListening.listen(
              vertx,
              vertx
                  .createHttpServer(options())
                  .connectionHandler(this::accept)
                  .requestHandler(request -> handler().handle(request)),
              connections);
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof BindException taken)) {
        throw e;
      }
      if (config.enabled().isPresent()) {
        throw new QuarkusBindException(config.host(), port(), taken);
      }
      LOG.infof("There is no console: port %d is in use. Set dueline.console.port", port());
      return;
    }
    LOG.infof("The console is on %s", url().orElseThrow());
  }

  void stopped(@Observes ShutdownEvent event) {
    if (server != null) {
      server.close().toCompletionStage().toCompletableFuture().join();
      server = null;
    }
    console.close();
    if (worker != null) {
      worker.close();
    }
  }

  private HttpServerOptions options() {
    return new HttpServerOptions()
        .setHost(config.host())
        .setPort(port())
        .setMaxInitialLineLength(MAX_LINE_BYTES)
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setHttp2ClearTextEnabled(false)
        .setIdleTimeout(0);
  }

  /** Before its first byte; one that was accepted at the very start counts now. */
  private void accept(HttpConnection connection) {
    Channel channel = ((ConnectionBase) connection).channel();
    BoundedExchange exchange =
        new BoundedExchange(channel, TIMES, () -> connections.idle(channel), STREAMS);
    channel.pipeline().addBefore("handler", "bounded-exchange", exchange);
    if (tls != null) {
      channel.pipeline().addFirst("tls", tls.newHandler(channel.alloc()));
    }
    connections.add(channel);
  }

  /** Made for the first request; on the event loop of the server. */
  private Handler<HttpServerRequest> handler() {
    if (handler == null) {
      WorkerExecutor thread = vertx.createSharedWorkerExecutor("dueline-console", 1);
      worker = thread;
      Authenticator authenticator = security;
      handler =
          console.handler(
              authenticator,
              new Rules(
                  security.isOpen(),
                  config.host(),
                  config.payloads() == ConsoleConfig.Payloads.HIDDEN,
                  security.consoleSecret(),
                  config.session(),
                  failures,
                  usage),
              new Console.Facts(bounds(), SettingsInForce::view),
              task -> run(thread, task));
    }
    return handler;
  }

  private static void run(WorkerExecutor thread, Runnable task) {
    var unused =
        thread.executeBlocking(
            () -> {
              task.run();
              return null;
            });
  }

  private JobBounds bounds() {
    return new JobBounds(
        limits.maxPayloadBytes(),
        limits.maxAttributes(),
        limits.maxAttributesBytes(),
        limits.maxDelay().toMillis());
  }

  private int port() {
    return config.port().orElse(DevMode.current().isPresent() ? 0 : PORT);
  }

  private String url(int port) {
    String host = config.host();
    return (config.tls() ? "https://" : "http://")
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + port
        + "/";
  }
}
