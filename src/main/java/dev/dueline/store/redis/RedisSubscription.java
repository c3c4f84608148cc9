package dev.dueline.store.redis;

import dev.dueline.store.StoreUnavailableException;
import dev.dueline.store.redis.topology.Dedicated;
import dev.dueline.store.redis.topology.RedisGateway;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
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

  /** A connection that answers nothing is found out by then: its silence looks like no news. */
  private static final Duration PING_EVERY = Duration.ofSeconds(1);

  private static final Duration PING_LIMIT = Duration.ofSeconds(1);

  private final RedisGateway gateway;
  private final Map<String, List<Listener>> listeners = new HashMap<>();
  private final Set<String> confirmed = new HashSet<>();
  private @Nullable Dedicated link;
  private boolean isConnecting;
  private boolean isClosed;
  private int failures;

  RedisSubscription(RedisGateway gateway) {
    this.gateway = gateway;
    gateway.onMoved(this::moved);
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
    } else if (link == null) {
      connect();
    } else if (known.size() == 1) {
      send(link, Command.SUBSCRIBE, List.of(channel));
    }
  }

  synchronized void remove(String channel, Listener listener) {
    List<Listener> known = listeners.get(channel);
    if (known != null && known.remove(listener) && known.isEmpty()) {
      listeners.remove(channel);
      confirmed.remove(channel);
      if (link != null) {
        send(link, Command.UNSUBSCRIBE, List.of(channel));
      }
    }
  }

  void close() {
    Dedicated last;
    synchronized (this) {
      isClosed = true;
      last = link;
      link = null;
    }
    // Not while holding this: an ending connection holds its own lock, and waits for this one.
    if (last != null) {
      last.close();
    }
  }

  /** The primary is another: what the old one's clients hear may be all but what matters. */
  private void moved() {
    Dedicated old;
    synchronized (this) {
      old = link;
    }
    if (old != null) {
      ended(old, new StoreUnavailableException("the primary has changed", null));
    }
  }

  private synchronized void connect() {
    if (isConnecting || isClosed || listeners.isEmpty()) {
      return;
    }
    isConnecting = true;
    gateway.listen().subscribe().with(this::connected, this::lost);
  }

  private void connected(Dedicated fresh) {
    if (isTaken(fresh)) {
      ping(fresh);
    } else {
      fresh.close();
    }
  }

  private synchronized boolean isTaken(Dedicated fresh) {
    isConnecting = false;
    if (isClosed) {
      return false;
    }
    link = fresh;
    fresh.connection().handler(this::received);
    fresh.connection().exceptionHandler(failure -> ended(fresh, failure));
    fresh.connection().endHandler(() -> ended(fresh, null));
    if (failures > 0) {
      LOG.info("Announcements: connected to Redis again");
      failures = 0;
    }
    if (!listeners.isEmpty()) {
      send(fresh, Command.SUBSCRIBE, listeners.keySet());
    }
    return true;
  }

  private void ping(Dedicated used) {
    Uni.createFrom()
        .voidItem()
        .onItem()
        .delayIt()
        .by(PING_EVERY)
        .chain(() -> used.connection().send(Request.cmd(Command.PING)))
        .ifNoItem()
        .after(PING_EVERY.plus(PING_LIMIT))
        .failWith(() -> new StoreUnavailableException("no answer to PING", null))
        .subscribe()
        .with(
            answered -> {
              if (isCurrent(used)) {
                ping(used);
              }
            },
            failure -> ended(used, failure));
  }

  private synchronized boolean isCurrent(Dedicated used) {
    return link == used;
  }

  private void ended(Dedicated old, @Nullable Throwable failure) {
    synchronized (this) {
      if (link != old) {
        return;
      }
      link = null;
      confirmed.clear();
    }
    old.close();
    lost(failure);
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

  private static void send(Dedicated to, Command command, Collection<String> channels) {
    Request request = Request.cmd(command);
    channels.forEach(request::arg);
    to.connection()
        .send(request)
        .subscribe()
        .with(sent -> {}, failure -> LOG.debug("not sent", failure));
  }
}
