package dev.dueline.ops.management;

import dev.dueline.ops.dev.DevMode;
import dev.dueline.ops.management.BoundedExchange.Times;
import io.netty.channel.Channel;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfig;
import io.quarkus.vertx.http.ManagementInterface;
import io.quarkus.vertx.http.runtime.HttpCertificateUpdateEventListener;
import io.quarkus.vertx.http.runtime.management.ManagementConfig;
import io.quarkus.vertx.http.runtime.management.ManagementInterfaceBuildTimeConfig;
import io.quarkus.vertx.http.runtime.options.HttpServerCommonHandlers;
import io.quarkus.vertx.http.runtime.options.HttpServerOptionsUtils;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.Router;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.BindException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Serves what Quarkus puts on the management interface, by its settings {@code
 * quarkus.management.*}. Quarkus's own server, which {@code host-enabled=false} leaves out, cannot
 * be told to bound connections and the time of a request, nor to leave HTTP/2 out.
 */
@Singleton
final class ManagementServer {
  private static final String NAME = "management interface";

  private final Vertx vertx;
  private final ManagementConfig config;
  private final ManagementInterfaceBuildTimeConfig fixed;
  private final TlsConfigurationRegistry tls;
  private final HttpCertificateUpdateEventListener updates;
  private final Times times;
  private final BoundedConnections connections;
  private @Nullable Router router;
  private @Nullable HttpServer server;

  ManagementServer(
      Vertx vertx,
      ManagementConfig config,
      ManagementInterfaceBuildTimeConfig fixed,
      TlsConfigurationRegistry tls,
      HttpCertificateUpdateEventListener updates,
      ManagementTimeouts timeouts) {
    this.vertx = vertx;
    this.tls = tls;
    this.updates = updates;
    this.config = config;
    this.fixed = fixed;
    this.times =
        new Times(timeouts.requestTimeout(), timeouts.answerTimeout(), config.idleTimeout());
    this.connections = new BoundedConnections(config.limits().maxConnections().orElseThrow());
  }

  /** Not in dev mode, where several run side by side. */
  void routed(@Observes ManagementInterface management) {
    if (DevMode.current().isEmpty()) {
      router = management.router();
    }
  }

  /** Last of all, as health is asked from then on. */
  void started(@Observes @Priority(Integer.MAX_VALUE) StartupEvent event) throws BindException {
    Router routes = router;
    if (routes == null) {
      return;
    }
    HttpServer starting = vertx.createHttpServer(options());
    try {
      starting.connectionHandler(this::accept).requestHandler(handler(routes));
      BoundedListening.listen(vertx, starting, connections);
    } catch (CompletionException e) {
      if (e.getCause() instanceof BindException taken) {
        throw new QuarkusBindException(config.host(), port(), taken);
      }
      throw e;
    }
    server = starting;
    if (protection().isPresent()) {
      updates.register(
          starting, config.tlsConfigurationName().orElse(TlsConfig.DEFAULT_NAME), NAME);
    }
  }

  void stopped(@Observes ShutdownEvent event) {
    if (server != null) {
      server.close().toCompletionStage().toCompletableFuture().join();
      server = null;
    }
  }

  /** Before its first byte, but after TLS; one that was accepted at the very start counts now. */
  private void accept(HttpConnection connection) {
    Channel channel = ((ConnectionBase) connection).channel();
    BoundedExchange exchange = new BoundedExchange(channel, times, () -> connections.idle(channel));
    channel.pipeline().addBefore("handler", "bounded-exchange", exchange);
    connections.add(channel);
  }

  private Handler<HttpServerRequest> handler(Router routes) {
    return HttpServerCommonHandlers.applyProxy(
        config.proxy(),
        HttpServerCommonHandlers.enforceDuplicatedContext(routes, false),
        () -> vertx);
  }

  private HttpServerOptions options() {
    HttpServerOptions options = new HttpServerOptions().setPort(port());
    HttpServerOptionsUtils.applyCommonOptionsForManagementInterface(
        options, fixed, config, List.of());
    protection().ifPresent(tls -> protect(options, tls));
    // Of HTTP/2 nobody here has a need. The time that a connection is idle is ours to bound.
    return options.setHttp2ClearTextEnabled(false).setUseAlpn(false).setIdleTimeout(0);
  }

  /** As Quarkus has it: what is named, or else the default if it has a key. */
  private Optional<TlsConfiguration> protection() {
    if (config.ssl().certificate().files().isPresent()
        || config.ssl().certificate().keyStoreFile().isPresent()) {
      throw new ConfigurationException(
          "quarkus.management.ssl is not known here: set"
              + " quarkus.management.tls-configuration-name");
    }
    Optional<String> name = config.tlsConfigurationName();
    return name.isPresent()
        ? Optional.of(
            tls.get(name.get())
                .orElseThrow(
                    () -> new ConfigurationException("there is no quarkus.tls." + name.get())))
        : tls.getDefault().filter(by -> by.getKeyStoreOptions() != null);
  }

  private void protect(HttpServerOptions options, TlsConfiguration by) {
    HttpServerOptionsUtils.applyTlsConfigurationToHttpServerOptions(by, options);
    options.setClientAuth(fixed.tlsClientAuth());
  }

  private int port() {
    return config.determinePort(LaunchMode.current());
  }
}
