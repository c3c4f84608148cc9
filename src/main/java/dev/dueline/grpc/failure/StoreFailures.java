package dev.dueline.grpc.failure;

import static dev.dueline.grpc.failure.GrpcFailures.retryAfter;

import dev.dueline.store.failure.StaleLayoutException;
import dev.dueline.store.failure.StoreBusyException;
import dev.dueline.store.failure.StoreDataException;
import dev.dueline.store.failure.StoreFullException;
import dev.dueline.store.failure.StoreRefusesException;
import dev.dueline.store.failure.StoreUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * What callers are told when the store fails: the part of {@link GrpcFailures} that is about it.
 */
final class StoreFailures {
  /** A failover takes seconds, a lost connection less: soon enough for the one, often for both. */
  private static final long UNREACHABLE_RETRY_MS = 200;

  /** What waits is done within a second or so; sooner, it would be as full. */
  private static final long BUSY_RETRY_MS = 500;

  /** Somebody has to change a setting, as in the middle of a rotation of passwords. */
  private static final long REFUSED_RETRY_MS = 1_000;

  private StoreFailures() {}

  /** Null: the store did not fail. */
  static @Nullable Failure of(Throwable thrown) {
    if (thrown instanceof StoreRefusesException) {
      return refused();
    } else if (thrown instanceof StoreUnavailableException
        || thrown instanceof StaleLayoutException) {
      return unavailable();
    } else if (thrown instanceof StoreBusyException) {
      return busy();
    } else if (thrown instanceof StoreFullException) {
      return full();
    }
    return thrown instanceof StoreDataException damage ? unreadable(damage) : null;
  }

  private static Failure unavailable() {
    return Failure.of(
            Reason.REDIS_UNAVAILABLE, "Redis cannot be reached, or cannot answer now: try again.")
        .with(retryAfter(UNREACHABLE_RETRY_MS));
  }

  /** Without what Redis said: that names its users, and is for whoever runs it. */
  private static Failure refused() {
    return Failure.of(
            Reason.REDIS_REFUSES,
            "Redis refuses Dueline by its configuration, such as a password or a permission:"
                + " whoever runs it finds in the log and the readiness of this service what to"
                + " change. Try again then.")
        .with(retryAfter(REFUSED_RETRY_MS));
  }

  private static Failure busy() {
    return Failure.of(
            Reason.OVERLOADED,
            "Too many calls wait for Redis: nothing was done. Try again later, and with fewer calls"
                + " at once.")
        .with(retryAfter(BUSY_RETRY_MS));
  }

  private static Failure full() {
    return Failure.of(Reason.REDIS_OUT_OF_MEMORY, "Redis is out of memory: nothing was stored.")
        .with(retryAfter(GrpcFailures.FULL_RETRY_MS));
  }

  /** Without the bytes that are there, which may be anybody's: the log has those. */
  private static Failure unreadable(StoreDataException damage) {
    Failure failure =
        Failure.of(
            Reason.QUEUE_UNREADABLE,
            "What Redis keeps for %s cannot be read: it is damaged, or written by another version or program. It stays so until whoever runs the service repairs it; its log says what is wrong and what to do."
                .formatted(damage.place()));
    if (!damage.key().isEmpty()) {
      failure = failure.about("key", damage.key());
    }
    if (damage.queue().isPresent()) {
      failure = failure.about("queue", damage.queue().get().value());
    }
    if (damage.shard().isPresent()) {
      failure = failure.about("shard", Integer.toString(damage.shard().get().index()));
    }
    return failure;
  }
}
