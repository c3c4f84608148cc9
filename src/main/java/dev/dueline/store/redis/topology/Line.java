package dev.dueline.store.redis.topology;

import dev.dueline.store.failure.StoreRefusesException;
import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.store.redis.failure.RedisFailures;
import dev.dueline.store.redis.failure.RefusalLog;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.RedisConnection;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.redis.client.impl.types.ErrorType;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A pipelined connection to one server: commands go out without waiting for the replies of those
 * before. It is made when first needed. One that ends, or is silent for too long, is given up, and
 * the next command makes another, though not more often than every {@link #PAUSE}. One that is
 * silent while another can be made is given up at once: a network that forgot it never tells. Says
 * once that the server is lost, and once that it is back for good; of one that refuses, its {@link
 * RefusalLog} does. Thread-safe.
 */
final class Line {
  private static final Logger LOG = Logger.getLogger(Line.class);

  /** After a failed attempt to connect, commands fail at once for so long. */
  private static final Duration PAUSE = Duration.ofMillis(50);

  /** A reply that takes longer raises the suspicion that the network forgot the connection. */
  private static final Duration SUSPICIOUS = Duration.ofMillis(300);

  /** For the replies on the old connection, once the server answered on a new one. */
  private static final Duration GRACE = Duration.ofMillis(100);

  private static final Duration TRIAL = Duration.ofMillis(300);

  /** A server that may only be read answers some commands, and is not back for that. */
  private static final Duration STEADY = Duration.ofSeconds(1);

  private final String name;
  private final Supplier<Redis> clients;
  private final TimeLimits limits;
  private final RefusalLog refusals;
  private final AtomicReference<@Nullable Link> current = new AtomicReference<>();
  private volatile @Nullable Throwable lastFailure;
  private volatile boolean isDown;
  private volatile boolean isSaidLost;
  private volatile boolean isClosed;
  private volatile long failedNanos;
  private volatile long nextAttemptNanos = System.nanoTime();

  Line(String name, Supplier<Redis> clients, TimeLimits limits, RefusalLog refusals) {
    this.name = name;
    this.clients = clients;
    this.limits = limits;
    this.refusals = refusals;
  }

  /** Whether the last attempt to use it failed. */
  boolean isDown() {
    return isDown;
  }

  /** Uses the connection; after the time limit it is given up, and the outcome unknown. */
  <T> Uni<T> use(Duration limit, Function<RedisConnection, Uni<? extends T>> exchange) {
    return Uni.createFrom()
        .deferred(
            () -> {
              Link used = link();
              return used == null
                  ? Uni.createFrom().failure(unreachable())
                  : limits
                      .within(limit, used.exchange(exchange), () -> silent(limit))
                      .invoke(this::works)
                      .onFailure(
                          failure -> !used.isConnected || RedisFailures.needsNewConnection(failure))
                      .invoke(failure -> failed(used, failure));
            });
  }

  /** From now on all use fails at once, and is no news of the server. */
  void close() {
    isClosed = true;
    Link last = current.getAndSet(null);
    if (last != null) {
      last.client.close();
    }
  }

  private @Nullable Link link() {
    Link link = current.get();
    while (link == null) {
      if (isClosed || isDown && System.nanoTime() - nextAttemptNanos < 0) {
        return null;
      }
      Link fresh = new Link(clients.get());
      if (!current.compareAndSet(null, fresh) || (isClosed && current.compareAndSet(fresh, null))) {
        fresh.client.close();
      }
      link = current.get();
    }
    return link;
  }

  /**
   * To be called now and then, on an event loop: sees to a connection that has been silent for a
   * while.
   */
  void watch() {
    Link link = current.get();
    if (link != null && link.isSilent()) {
      link.replaceIfDead();
    }
  }

  private void works() {
    isDown = false;
    if (isSaidLost && System.nanoTime() - failedNanos > STEADY.toNanos()) {
      isSaidLost = false;
      LOG.infof("%s is back", name);
    }
  }

  private void failed(Link used, Throwable failure) {
    if (giveUp(used)) {
      lastFailure = failure;
      boolean isRefused = RedisFailures.isRefusal(failure);
      boolean isOfNoUse = isRefused || !used.isConnected;
      nextAttemptNanos = System.nanoTime() + (isOfNoUse ? PAUSE.toNanos() : 0);
      isDown = true;
      failedNanos = System.nanoTime();
      if (isRefused) {
        refusals.refused(failure);
      } else if (!isSaidLost) {
        isSaidLost = true;
        LOG.warnf("%s is lost: %s", name, RedisFailures.reason(failure));
      }
    }
  }

  private boolean giveUp(Link used) {
    boolean isCurrent = current.compareAndSet(used, null);
    if (isCurrent) {
      used.client.close();
    }
    return isCurrent;
  }

  /** Why the server takes no connection of ours; null if it does, or is not there. */
  @Nullable StoreRefusesException refusal() {
    Throwable last = lastFailure;
    return isDown && last != null && RedisFailures.of(last) instanceof StoreRefusesException refusal
        ? refusal
        : null;
  }

  private StoreUnavailableException unreachable() {
    StoreRefusesException refusal = refusal();
    return refusal != null
        ? refusal
        : new StoreUnavailableException(name + " cannot be reached", lastFailure);
  }

  private StoreUnavailableException silent(Duration limit) {
    return new StoreUnavailableException(
        "%s does not answer within %d ms".formatted(name, limit.toMillis()), null);
  }

  /** One connection. */
  private final class Link {
    private final Redis client;
    private final Uni<RedisConnection> connection;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean isTried = new AtomicBoolean();
    private volatile boolean isConnected;
    private volatile long heardNanos = System.nanoTime();

    Link(Redis client) {
      this.client = client;
      this.connection = client.connect().invoke(this::connected).memoize().indefinitely();
    }

    <T> Uni<T> exchange(Function<RedisConnection, Uni<? extends T>> exchange) {
      return connection.chain(connected -> waitFor(exchange.apply(connected)));
    }

    /** Counts an exchange as long as it has no reply. */
    private <T> Uni<? extends T> waitFor(Uni<? extends T> reply) {
      if (waiting.getAndIncrement() == 0) {
        heardNanos = System.nanoTime();
      }
      return reply
          .onTermination()
          .invoke(
              () -> {
                waiting.decrementAndGet();
                heardNanos = System.nanoTime();
              });
    }

    /** Whether it is waited for, be it for a reply or for the connection, and nothing comes. */
    boolean isSilent() {
      return (!isConnected || waiting.get() > 0)
          && System.nanoTime() - heardNanos > SUSPICIOUS.toNanos();
    }

    /**
     * It is asked before another is made, on the same event loop. So a server that is only slow
     * answers here first, and a loop that is only late reads this answer before it makes the other;
     * nor does the verdict wait for the callers that replies are for, whose loops may be late, too.
     * To be called on an event loop.
     */
    void replaceIfDead() {
      if (!isTried.compareAndSet(false, true)) {
        return;
      }
      long askedNanos = System.nanoTime();
      ask();
      Redis other = clients.get();
      other
          .connect()
          .ifNoItem()
          .after(TRIAL)
          .fail()
          .onItem()
          .delayIt()
          .by(GRACE)
          .onTermination()
          .invoke(
              () -> {
                isTried.set(false);
                other.close();
              })
          .subscribe()
          .with(
              reachable -> {
                if (isSilent() && heardNanos - askedNanos < 0) {
                  giveUp(this);
                }
              },
              failure -> LOG.debugf(failure, "%s is silent on a new connection too", name));
    }

    private void ask() {
      connection
          .chain(connected -> connected.send(Request.cmd(Command.PING)))
          .onFailure(ErrorType.class)
          .recoverWithNull()
          .subscribe()
          .with(
              pong -> heardNanos = System.nanoTime(),
              failure -> LOG.debugf(failure, "%s does not answer", name));
    }

    private void connected(RedisConnection fresh) {
      heardNanos = System.nanoTime();
      isConnected = true;
      fresh.exceptionHandler(failure -> giveUp(this));
      fresh.endHandler(() -> giveUp(this));
    }
  }
}
