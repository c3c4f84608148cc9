package dev.dueline.store.redis.news;

import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.store.redis.failure.RedisFailures;
import dev.dueline.store.redis.topology.Dedicated;
import dev.dueline.store.redis.topology.RedisGateway;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import io.vertx.redis.client.impl.types.ErrorType;
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
public final class RedisSubscription {
  private static final Logger LOG = Logger.getLogger(RedisSubscription.class);
  private static final int FIRST_BACKOFF_MS = 20;
  private static final int LONGEST_BACKOFF_MS = 500;

  /** A connection that answers nothing is found out by then: its silence looks like no news. */
  private static final Duration SILENCE_LIMIT = Duration.ofMillis(1_500);

  private static final Duration PING_EVERY = Duration.ofMillis(500);

  private final RedisGateway gateway;
  private final Map<String, List<Listener>> listeners = new HashMap<>();
  private final Set<String> confirmed = new HashSet<>();
  private volatile @Nullable Dedicated link;
  private boolean isClosed;
  private int failures;
  private boolean isSaidLost;

  /** The attempt to connect that counts; 0: none is under way. */
  private int attempt;

  private int lastAttempt;
  private volatile long heardNanos;

  public RedisSubscription(RedisGateway gateway) {
    this.gateway = gateway;
    gateway.onMoved(this::moved);
  }

  /** Hears what is said on a channel. */
  public interface Listener {
    /** Redis has confirmed: what is said from now on is heard. */
    void listening();

    /** Something was said. */
    void message(String text);
  }

  public synchronized void add(String channel, Listener listener) {
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

  public synchronized void remove(String channel, Listener listener) {
    List<Listener> known = listeners.get(channel);
    if (known != null && known.remove(listener) && known.isEmpty()) {
      listeners.remove(channel);
      confirmed.remove(channel);
      if (link != null) {
        send(link, Command.UNSUBSCRIBE, List.of(channel));
      }
    }
  }

  /** Gives the connection up, and makes another, since news on this one is lost. */
  public void renew(Throwable why) {
    Dedicated used = link;
    if (used != null) {
      ended(used, why);
    }
  }

  public void close() {
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

  /** A primary is another: what the old one's clients hear may be all but what matters. */
  private void moved() {
    Dedicated old;
    synchronized (this) {
      old = link;
      link = null;
      confirmed.clear();
      attempt = 0;
    }
    if (old != null) {
      old.close();
    }
    connect();
  }

  private synchronized void connect() {
    if (attempt != 0 || link != null || isClosed || listeners.isEmpty()) {
      return;
    }
    int mine = ++lastAttempt;
    attempt = mine;
    gateway
        .listen()
        .subscribe()
        .with(fresh -> connected(mine, fresh), failure -> failed(mine, failure));
  }

  private void connected(int number, Dedicated fresh) {
    if (isTaken(number, fresh)) {
      ping(fresh);
    } else {
      fresh.close();
    }
  }

  private synchronized void failed(int number, Throwable failure) {
    if (number == attempt) {
      attempt = 0;
      lost(failure);
    }
  }

  private synchronized boolean isTaken(int number, Dedicated fresh) {
    if (isClosed || number != attempt) {
      return false;
    }
    attempt = 0;
    link = fresh;
    heard();
    fresh.connection().handler(this::received);
    fresh.connection().exceptionHandler(failure -> ended(fresh, failure));
    fresh.connection().endHandler(() -> ended(fresh, null));
    if (!listeners.isEmpty()) {
      send(fresh, Command.SUBSCRIBE, listeners.keySet());
    }
    return true;
  }

  /**
   * Asks for a sign of life again and again. Whatever comes is one: the client takes a message that
   * arrives first for the answer, and the answer for a message.
   */
  private void ping(Dedicated used) {
    used.connection()
        .send(Request.cmd(Command.PING))
        .subscribe()
        .with(answer -> heard(), failure -> answeredBy(used, failure));
    Uni.createFrom()
        .voidItem()
        .onItem()
        .delayIt()
        .by(PING_EVERY)
        .subscribe()
        .with(
            waited -> {
              if (!isCurrent(used)) {
                return;
              }
              if (System.nanoTime() - heardNanos > SILENCE_LIMIT.toNanos()) {
                ended(used, new StoreUnavailableException("no sign of life", null));
              } else {
                ping(used);
              }
            });
  }

  /**
   * The client takes a refusal of SUBSCRIBE, which it expects no reply of, for that of PING, or for
   * a message. Any other error is a sign of life: a server that loads its data says so of PING, and
   * goes on with what it has confirmed.
   */
  private void answeredBy(Dedicated used, Throwable error) {
    String reason = RedisFailures.reason(error);
    if (RedisFailures.isRefusal(error) && !reason.contains("'ping'")) {
      used.refused(error);
      ended(used, error);
    } else {
      heard();
    }
  }

  private void heard() {
    heardNanos = System.nanoTime();
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
    if (isClosed || listeners.isEmpty()) {
      return;
    }
    failures++;
    // Of one that refuses, the log says so already, with what to do.
    boolean isRefused = failure != null && RedisFailures.isRefusal(failure);
    if (!isRefused && !isSaidLost) {
      isSaidLost = true;
      LOG.warnf(
          "Announcements: no connection to Redis, so jobs may be late: %s",
          failure == null ? "connection closed" : RedisFailures.reason(failure));
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
    heard();
    if (push.type() == ResponseType.ERROR) {
      refused(push);
      return;
    }
    if (!Set.of(ResponseType.PUSH, ResponseType.MULTI).contains(push.type()) || push.size() < 3) {
      return;
    }
    String kind = push.get(0).toString();
    String channel = push.get(1).toString();
    List<Listener> known = List.copyOf(listeners.getOrDefault(channel, List.of()));
    if (kind.equals("subscribe") && !known.isEmpty()) {
      confirmed.add(channel);
      failures = 0;
      if (isSaidLost) {
        isSaidLost = false;
        LOG.info("Announcements: connected to Redis again");
      }
      known.forEach(Listener::listening);
    } else if (kind.equals("message")) {
      String text = push.get(2).toString();
      known.forEach(listener -> listener.message(text));
    }
  }

  /** Not while holding this: see {@link #close}. */
  private void refused(Response error) {
    Dedicated used = link;
    if (used != null) {
      Throwable failure = ErrorType.create(error.toString());
      Infrastructure.getDefaultExecutor().execute(() -> answeredBy(used, failure));
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
