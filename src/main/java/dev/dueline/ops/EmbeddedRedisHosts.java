package dev.dueline.ops;

import dev.dueline.embedded.EmbeddedRedis;
import dev.dueline.embedded.EmbeddedRedisException;
import dev.dueline.ops.dev.DevMode;
import dev.dueline.ops.health.StartRefused;
import io.quarkus.redis.client.RedisHostsProvider;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Starts the embedded Redis when the Redis client asks for its hosts, which it does once, before
 * the startup event, and only if {@code quarkus.redis.hosts} is not set.
 *
 * <p>The server outlives every observer of the shutdown events, and the Redis client too: beans are
 * destroyed when the application's shutdown tasks, which fire those events and close the client,
 * have run, or when start-up fails. So a drain may use Redis in a shutdown observer, though not in
 * a {@code @PreDestroy} method.
 */
@Singleton
@Identifier("embedded")
public class EmbeddedRedisHosts implements RedisHostsProvider {
  private static final Logger LOG = Logger.getLogger(EmbeddedRedisHosts.class);

  private static final String TEMPORARY_PREFIX = "dueline-dev-";

  private final EmbeddedRedisConfig config;
  private @Nullable EmbeddedRedis server;

  EmbeddedRedisHosts(EmbeddedRedisConfig config) {
    this.config = config;
  }

  @Override
  public synchronized Set<URI> getHosts() {
    EmbeddedRedis running = server;
    if (running == null) {
      running = startOrRefuse();
      server = running;
      LOG.infof(
          "Embedded Redis: the jobs are in %s (on 127.0.0.1:%d only).%s",
          running.dataDir(),
          running.port(),
          DevMode.current().isPresent()
              ? ""
              : " To use a Redis of your own, set QUARKUS_REDIS_HOSTS=redis://host:6379");
    }
    return Set.of(running.hosts());
  }

  /** What is wrong is told to people, who need no stack trace: Quarkus prints none of this kind. */
  private EmbeddedRedis startOrRefuse() {
    try {
      return start();
    } catch (EmbeddedRedisException e) {
      LOG.debug("The embedded Redis does not start", e);
      throw new ConfigurationException(e.getMessage());
    }
  }

  /** In dev mode where its command line says, whatever is configured for the service. */
  private EmbeddedRedis start() {
    Optional<DevMode> dev = DevMode.current();
    if (dev.isEmpty()) {
      return EmbeddedRedis.start(config.dataDir(), config.redisServer());
    }
    Optional<Path> dataDir = dev.get().dataDir();
    return dataDir.isPresent()
        ? EmbeddedRedis.startBound(dataDir.get(), config.redisServer())
        : EmbeddedRedis.startTemporary(TEMPORARY_PREFIX, config.redisServer());
  }

  /** Where the embedded Redis keeps the jobs; empty while it does not run. */
  synchronized Optional<Path> dataDir() {
    return Optional.ofNullable(server).map(EmbeddedRedis::dataDir);
  }

  void refused(@Observes StartRefused event) {
    stop();
  }

  @PreDestroy
  synchronized void stop() {
    EmbeddedRedis running = server;
    server = null;
    if (running != null) {
      running.close();
    }
  }
}
