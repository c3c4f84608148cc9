package dev.dueline.store.redis.failure;

import dev.dueline.store.failure.StoreDataException;
import dev.dueline.store.redis.layout.RedisKeys;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Names what cannot be read in Redis in the log: each key once, and again each hour while it is
 * met. Thread-safe.
 */
public final class DamageLog {
  private static final Logger LOG = Logger.getLogger(DamageLog.class);
  private static final long AGAIN_NANOS = Duration.ofHours(1).toNanos();

  /** Keys that are remembered; beyond that the oldest is forgotten, and may be named again. */
  private static final int MOST = 1_000;

  private static final String META = "meta";

  private final Map<String, Long> named = new LinkedHashMap<>();

  /** Something could not be read. Anything else is none of this log's business. */
  public void met(Throwable failure) {
    if (failure instanceof StoreDataException damage && isNews(damage.place())) {
      LOG.warnf("%s cannot be read: %s. %s", damage.place(), damage.getMessage(), remedy(damage));
    }
  }

  /** What whoever runs it can do; nobody is told to delete what may be good. */
  private static String remedy(StoreDataException damage) {
    if (damage.key().isEmpty()) {
      return damage.shard().isPresent()
          ? "Look at it with \"dueline debug shard %s %d\", and delete no key that is not seen to be damaged"
              .formatted(damage.shard().get().queue(), damage.shard().get().index())
          : "Delete no key that is not seen to be damaged";
    }
    if (damage.queue().isPresent() && damage.shard().isEmpty()) {
      return "Correct the field of the queue in this hash, which other queues need, or remove the field (HDEL)";
    }
    if (damage
        .shard()
        .filter(shard -> damage.key().equals(RedisKeys.named(shard, META)))
        .isPresent()) {
      return "Repair this key: correct the field with HSET, or remove it with HDEL, and leave the others, by which the queue goes; delete the key only if it is no hash";
    }
    if (damage.key().equals(RedisKeys.QUEUE_NAMES)) {
      return "It is made anew from the names of the queues";
    }
    return "Repair this key, or delete it, which loses what it holds: calls that need it fail until then";
  }

  private synchronized boolean isNews(String place) {
    long now = System.nanoTime();
    Long last = named.get(place);
    if (last != null && now - last < AGAIN_NANOS) {
      return false;
    }
    if (named.size() >= MOST) {
      named.remove(named.keySet().iterator().next());
    }
    named.put(place, now);
    return true;
  }
}
