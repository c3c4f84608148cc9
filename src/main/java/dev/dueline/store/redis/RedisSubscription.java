package dev.dueline.store.redis;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.RedisConnection;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The one pub/sub connection of a replica. Connects when the first channel is wanted, and again
 * when it breaks; after each confirmation from Redis a listener hears that it is listening, since
 * it may have missed what came before. Thread-safe; listeners are called one at a time.
 */
final class RedisSubscription {
  private static final Logger LOG = Logger.getLogger(RedisSubscription.class);
  private static final int FIRST_BACKOFF_MS = 20;
  private static final int LONGEST_BACKOFF_MS = 500;

  private final RedisGateway gateway;
  private final Map<String, List<Listener>> listeners = new HashMap<>();
  private final Set<String> confirmed = new HashSet<>();
  private @Nullable RedisConnection connection;
  private boolean isConnecting;
  private boolean isClosed;
  private int failures;

  RedisSubscription(RedisGateway gateway) {
    this.gateway = gateway;
  }

  /** Hears what is said on a channel. */
  interface Listener {
    /** Redis has confirmed: what is said from now on is heard. */
    void listening();

    /** Something was said. */
    void message(String text);
  }

  synchronized void add(String channel, Listener listener) {
    List<Listener> known = listeners.computeIfAbsent(channel, name -> new ArrayList<>());
    known.add(listener);
    if (confirmed.contains(channel)) {
      listener.listening();
    } else if (connection == null) {
      connect();
    } else if (known.size() == 1) {
      send(connection, Command.SUBSCRIBE, List.of(channel));
    }
  }

  synchronized void remove(String channel, Listener listener) {
    List<Listener> known = listeners.get(channel);
    if (known != null && known.remove(listener) && known.isEmpty()) {
      listeners.remove(channel);
      confirmed.remove(channel);
      if (connection != null) {
        send(connection, Command.UNSUBSCRIBE, List.of(channel));
      }
    }
  }

  void close() {
    RedisConnection last;
    synchronized (this) {
      isClosed = true;
      last = connection;
      connection = null;
    }
    // Not while holding this: an ending connection holds its own lock, and waits for this one.
    if (last != null) {
      last.closeAndForget();
    }
  }

  private synchronized void connect() {
    if (isConnecting || isClosed || listeners.isEmpty()) {
      return;
    }
    isConnecting = true;
    gateway.connect().subscribe().with(this::connected, this::lost);
  }

  private void connected(RedisConnection fresh) {
    if (!isTaken(fresh)) {
      fresh.closeAndForget();
    }
  }

  private synchronized boolean isTaken(RedisConnection fresh) {
    isConnecting = false;
    if (isClosed) {
      return false;
    }
    connection = fresh;
    fresh.handler(this::received);
    fresh.exceptionHandler(failure -> ended(fresh, failure));
    fresh.endHandler(() -> ended(fresh, null));
    if (failures > 0) {
      LOG.info("Announcements: connected to Redis again");
      failures = 0;
    }
    if (!listeners.isEmpty()) {
      send(fresh, Command.SUBSCRIBE, listeners.keySet());
    }
    return true;
  }

  private synchronized void ended(RedisConnection old, @Nullable Throwable failure) {
    if (connection == old) {
      connection = null;
      confirmed.clear();
      lost(failure);
    }
  }

  private synchronized void lost(@Nullable Throwable failure) {
    isConnecting = false;
    if (isClosed || listeners.isEmpty()) {
      return;
    }
    if (failures++ == 0) {
      LOG.warnf(
          "Announcements: no connection to Redis, so jobs may be up to a second late: %s",
          failure == null ? "connection closed" : failure.getMessage());
    }
    int most = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS << Math.min(failures, 10));
    Uni.createFrom()
        .voidItem()
        .onItem()
        .delayIt()
        .by(Duration.ofMillis(ThreadLocalRandom.current().nextInt(most / 2, most)))
        .subscribe()
        .with(waited -> connect());
  }

  private synchronized void received(Response push) {
    if (push.size() < 3) {
      return;
    }
    String kind = push.get(0).toString();
    String channel = push.get(1).toString();
    List<Listener> known = List.copyOf(listeners.getOrDefault(channel, List.of()));
    if (kind.equals("subscribe") && !known.isEmpty()) {
      confirmed.add(channel);
      known.forEach(Listener::listening);
    } else if (kind.equals("message")) {
      String text = push.get(2).toString();
      known.forEach(listener -> listener.message(text));
    }
  }

  private static void send(RedisConnection to, Command command, Collection<String> channels) {
    Request request = Request.cmd(command);
    channels.forEach(request::arg);
    to.send(request).subscribe().with(sent -> {}, failure -> LOG.debug("not sent", failure));
  }
}
