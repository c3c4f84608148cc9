package dev.dueline.store.redis;

import dev.dueline.store.StoreFullException;
import dev.dueline.store.StoreReplyException;
import dev.dueline.store.StoreUnavailableException;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.Set;

/** Tells what a failed call to Redis means. */
final class RedisFailures {
  /** Error prefixes that only say that Redis cannot answer now. */
  private static final Set<String> PASSING =
      Set.of(
          "LOADING",
          "READONLY",
          "MASTERDOWN",
          "CLUSTERDOWN",
          "TRYAGAIN",
          "MOVED",
          "ASK",
          "BUSY",
          "MISCONF",
          "NOREPLICAS",
          "NOAUTH",
          "WRONGPASS",
          "NOPERM",
          "UNBLOCKED");

  private RedisFailures() {}

  /** The failure in the words of the store's port. */
  static RuntimeException of(Throwable failure) {
    if (failure instanceof StoreUnavailableException
        || failure instanceof StoreFullException
        || failure instanceof StoreReplyException) {
      return (RuntimeException) failure;
    }
    if (failure instanceof ErrorType error) {
      String message = String.valueOf(error.getMessage());
      if (message.contains("OOM command not allowed")) {
        return new StoreFullException("Redis is out of memory", failure);
      }
      return isPassing(message)
          ? new StoreUnavailableException("Redis cannot answer now: " + message, failure)
          : new StoreReplyException("Redis refused a script: " + message, failure);
    }
    return isQueueFull(failure)
        ? new StoreUnavailableException("too many calls are waiting for Redis", failure)
        : new StoreUnavailableException("Redis cannot be reached", failure);
  }

  /** Whether Redis does not have the script in its cache. */
  static boolean isScriptMissing(Throwable failure) {
    return failure instanceof ErrorType error
        && String.valueOf(error.getMessage()).startsWith("NOSCRIPT");
  }

  /** Whether another connection may lead to a server that can answer. */
  static boolean needsNewConnection(Throwable failure) {
    if (failure instanceof ErrorType error) {
      return String.valueOf(error.getMessage()).startsWith("READONLY");
    }
    return !isQueueFull(failure);
  }

  /** The client's own limit, {@code quarkus.redis.max-waiting-handlers}. */
  private static boolean isQueueFull(Throwable failure) {
    return "Redis waiting queue is full".equals(failure.getMessage());
  }

  /** Redis 6.2 puts the error of a command in a script behind its own, with a dash. */
  private static boolean isPassing(String message) {
    return PASSING.stream()
        .anyMatch(prefix -> message.startsWith(prefix + " ") || message.contains(": -" + prefix));
  }
}
