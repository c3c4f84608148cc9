package dev.dueline.store.redis.topology;

import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.impl.RedisURI;
import java.time.Duration;
import java.util.List;

/**
 * Makes a client for each connection, so that closing the client ends the connection: a pool keeps
 * one that is silent, and hands it out again.
 */
final class Clients implements AutoCloseable {
  private final Vertx vertx;
  private final RedisOptions options;
  private final Duration timeout;
  private final TimeLimits limits = new TimeLimits();

  Clients(Vertx vertx, RedisOptions options, Duration timeout) {
    this.vertx = vertx;
    this.options = options;
    this.timeout = timeout;
  }

  /** After which a command without a reply counts as failed. */
  Duration timeout() {
    return timeout;
  }

  /** Of what is sent on the connections. */
  TimeLimits limits() {
    return limits;
  }

  /** Does something again and again; gives what ends it. */
  Runnable every(Duration period, Runnable task) {
    long timer = vertx.setPeriodic(period.toMillis(), id -> task.run());
    return () -> vertx.cancelTimer(timer);
  }

  /** The configured hosts. */
  List<String> hosts() {
    return options.getEndpoints();
  }

  /** The name under which sentinels know the primary. */
  String primaryName() {
    return options.getMasterName();
  }

  /** A server at another address, for which all else holds that is configured for a host. */
  static String at(String configuredHost, String address, int port) {
    boolean isBareIpv6 = address.contains(":") && !address.startsWith("[");
    String host = isBareIpv6 ? "[" + address + "]" : address;
    RedisURI configured = new RedisURI(configuredHost);
    String base = new RedisURI(configured, host, port).baseUri();
    String database = configured.select() == null ? "" : "/" + configured.select();
    String client = configured.param("client");
    return base + database + (client == null ? "" : "?client=" + client);
  }

  /** Host and port of a URI, for people: without the password. */
  static String name(String uri) {
    return new RedisURI(uri).socketAddress().toString();
  }

  /** The host of a URI. */
  static String host(String uri) {
    return new RedisURI(uri).socketAddress().host();
  }

  /** An event loop, the next of all. */
  ContextInternal loop() {
    return ((VertxInternal) vertx.getDelegate()).createEventLoopContext();
  }

  /** A client whose connection is read on an event loop: that where the client is made. */
  Redis client(String uri, ContextInternal loop) {
    ContextInternal before = loop.beginDispatch();
    try {
      return client(uri);
    } finally {
      loop.endDispatch(before);
    }
  }

  /** A client with one connection, to one server. */
  Redis client(String uri) {
    RedisOptions one =
        new RedisOptions(options)
            .setType(RedisClientType.STANDALONE)
            .setEndpoints(List.of(uri))
            .setMaxPoolSize(1)
            .setMaxPoolWaiting(1);
    one.getNetClientOptions().setConnectTimeout(Math.toIntExact(timeout.toMillis()));
    return Redis.createClient(vertx, one);
  }

  /** No client is of use any longer. */
  @Override
  public void close() {
    limits.close();
  }
}
