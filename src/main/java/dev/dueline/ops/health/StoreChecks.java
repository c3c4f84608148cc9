package dev.dueline.ops.health;

import dev.dueline.ops.dev.DevMode;
import dev.dueline.store.failure.StoreDataException;
import dev.dueline.store.failure.StoreRefusesException;
import dev.dueline.store.redis.RedisStore;
import dev.dueline.store.redis.RedisStoreConfig;
import dev.dueline.store.redis.ServerFacts;
import dev.dueline.store.redis.failure.RedisFailures;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Looks for what would break the promise: a layout of another version, on which the service refuses
 * to run, and settings of Redis that may lose jobs, which it logs. If Redis is not there yet, the
 * service starts, is not ready, and looks again until it is. From then on it looks each second
 * whether Redis still has the layout, and the queues that this replica remembers: what was true may
 * not be any more after a flush, a restored snapshot, or a failover.
 */
@Singleton
final class StoreChecks {
  private static final Logger LOG = Logger.getLogger("dev.dueline");
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** The exit code. */
  private static final int FAILED = 1;

  private static final Pattern VERSION = Pattern.compile("([0-9]+)\\.([0-9]+).*");

  private final RedisStore store;
  private final RedisStoreConfig config;
  private final Event<StartRefused> refused;
  private final String layout;
  private volatile Optional<String> missing = Optional.of("Redis was not looked at yet");

  StoreChecks(RedisStore store, RedisStoreConfig config, Event<StartRefused> refused) {
    this.store = store;
    this.config = config;
    this.refused = refused;
    this.layout = DevMode.hasTestClock() ? RedisStore.TEST_CLOCK_LAYOUT : RedisStore.LAYOUT;
  }

  /** Why Redis could not be checked; empty: it was there, and nothing forbids to run on it. */
  Optional<String> missing() {
    return missing;
  }

  /**
   * Waits for the first look, since a start that must fail should fail at once. What it then says
   * is all that is to be said: a stack trace would bury it.
   */
  void started(@Observes StartupEvent event) {
    try {
      look().await().atMost(config.timeout());
      compareLater();
    } catch (UnknownLayoutException e) {
      LOG.error(e.getMessage());
      end();
      throw e;
    } catch (TimeoutException e) {
      later("no answer from Redis");
    } catch (StoreRefusesException e) {
      missing = Optional.of(RedisFailures.reason(e));
      again();
    } catch (RuntimeException e) {
      later(reason(e));
    }
  }

  /**
   * Not left to the framework, whose port is open already: it takes itself apart beneath the calls
   * that come, which then fail as if the service had a fault, and says all again, within a hundred
   * lines of its own. Only in its dev and test modes, where other starts follow in this process, it
   * has to.
   */
  private void end() {
    if (LaunchMode.current() == LaunchMode.NORMAL) {
      refused.fire(new StartRefused());
      Runtime.getRuntime().halt(FAILED);
    }
  }

  private void later(String why) {
    LOG.warnf("Redis could not be checked, and is looked at until it can be: %s", why);
    missing = Optional.of(why);
    again();
  }

  private void again() {
    Uni.createFrom()
        .voidItem()
        .onItem()
        .delayIt()
        .by(AGAIN)
        .chain(this::look)
        .subscribe()
        .with(
            passed -> {
              LOG.info("Redis is checked: jobs flow");
              compareLater();
            },
            failure -> failed(failure, this::again));
  }

  private void compareLater() {
    Uni.createFrom()
        .voidItem()
        .onItem()
        .delayIt()
        .by(AGAIN)
        .chain(this::checkLayout)
        .chain(store::compare)
        .subscribe()
        .with(done -> compareLater(), failure -> failed(failure, this::compareLater));
  }

  private static String reason(Throwable failure) {
    String reason = RedisFailures.reason(failure);
    return failure instanceof StoreDataException data ? data.place() + ": " + reason : reason;
  }

  private void failed(Throwable failure, Runnable goOn) {
    if (failure instanceof UnknownLayoutException) {
      LOG.error(failure.getMessage());
      missing = Optional.of(RedisFailures.reason(failure));
      Quarkus.asyncExit(FAILED);
    } else {
      missing = missing.map(before -> reason(failure));
      goOn.run();
    }
  }

  private Uni<Void> look() {
    return checkLayout().chain(store::facts).invoke(this::judge).replaceWithVoid();
  }

  private Uni<Void> checkLayout() {
    return store
        .layout(layout)
        .invoke(found -> UnknownLayoutException.check(found, layout))
        .replaceWithVoid();
  }

  private void judge(List<ServerFacts> all) {
    for (ServerFacts facts : all) {
      if (!facts.keepsAll()) {
        LOG.warnf(
            "Redis at %s deletes jobs when its memory is full (maxmemory-policy %s): set"
                + " maxmemory-policy noeviction",
            facts.primary(), facts.evictionPolicy());
      }
      if (!facts.isAppendOnly()) {
        LOG.warnf(
            "Redis at %s forgets jobs when it restarts, or all since its last snapshot: set"
                + " appendonly yes",
            facts.primary());
      }
      if (isOlderThan62(facts.version())) {
        LOG.warnf(
            "Redis at %s is of version %s, on which Dueline was not tried: use 6.2 or later",
            facts.primary(), facts.version());
      }
    }
    missing = Optional.empty();
  }

  private static boolean isOlderThan62(String version) {
    Matcher matcher = VERSION.matcher(version);
    if (!matcher.matches()) {
      return false;
    }
    int major = Integer.parseInt(matcher.group(1));
    return major < 6 || (major == 6 && Integer.parseInt(matcher.group(2)) < 2);
  }
}
