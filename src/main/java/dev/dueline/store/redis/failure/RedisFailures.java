package dev.dueline.store.redis.failure;

import dev.dueline.store.failure.StaleLayoutException;
import dev.dueline.store.failure.StoreDataException;
import dev.dueline.store.failure.StoreFullException;
import dev.dueline.store.failure.StoreRefusesException;
import dev.dueline.store.failure.StoreReplyException;
import dev.dueline.store.failure.StoreUnavailableException;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells what a failed call to Redis means. */
public final class RedisFailures {
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
          "UNKILLABLE",
          "UNBLOCKED");

  /** Those after which the primary may be elsewhere. */
  private static final Set<String> DISPLACED =
      Set.of("READONLY", "MASTERDOWN", "CLUSTERDOWN", "LOADING");

  /** Of an operator who ended a script that held up all others; it had written nothing. */
  private static final String KILLED = "Script killed by user";

  /** Before the arguments of a command that Redis does not know: AUTH has a password there. */
  private static final Pattern ARGUMENTS = Pattern.compile(", with args beginning with:.*");

  /** What the client calls it when a connection ends under a command: not an error of Redis's. */
  private static final String CONNECTION_CLOSED = "CONNECTION_CLOSED";

  /**
   * What commands and scripts say of data that is not what they expect: a key of another type, a
   * number that is none, bytes that are cut short.
   */
  private static final Pattern DATA =
      Pattern.compile(
          "WRONGTYPE |is not an integer|is not a valid float|is not a float"
              + "|user_script:\\d+: (attempt to|bad argument|data string too short|malformed)");

  /** Which script it was, which says nothing to people. */
  private static final Pattern PLACE = Pattern.compile(",? ?script: [0-9a-f]{40}.*");

  private static final Pattern UNPRINTABLE = Pattern.compile("[^ -~]");
  private static final int MOST_SHOWN = 200;

  private RedisFailures() {}

  /** The failure in the words of the store's port. */
  public static RuntimeException of(Throwable failure) {
    if (failure instanceof StoreUnavailableException
        || failure instanceof StoreFullException
        || failure instanceof StoreReplyException
        || failure instanceof StaleLayoutException
        || failure instanceof StoreDataException) {
      return (RuntimeException) failure;
    }
    if (isLostConnection(failure)) {
      return new StoreUnavailableException("the connection to Redis was lost", failure);
    }
    if (failure instanceof ErrorType error) {
      String message = text(error);
      if (message.startsWith("LAYOUT ")) {
        return new StaleLayoutException(message);
      }
      Refusal refusal = Refusal.of(message);
      if (refusal != null) {
        // Without the cause, which has the arguments of a command.
        return new StoreRefusesException(
            "Redis refuses Dueline: %s (%s)".formatted(message, refusal.remedy()), null);
      }
      if (message.contains("OOM command not allowed")) {
        return new StoreFullException("Redis is out of memory", failure);
      }
      return isAny(PASSING, message) || message.contains(KILLED)
          ? new StoreUnavailableException("Redis cannot answer now: " + message, failure)
          : new StoreReplyException("Redis refused a command: " + message, failure);
    }
    return isQueueFull(failure)
        ? new StoreUnavailableException("too many calls are waiting for Redis", failure)
        : new StoreUnavailableException("Redis cannot be reached: " + message(failure), failure);
  }

  /** The same of a command on one key that does not belong to a shard. */
  public static RuntimeException of(Throwable failure, String key) {
    return isOfData(failure) ? StoreDataException.ofAll(key, problem(failure)) : of(failure);
  }

  /** Whether Redis failed a command, or a script, by what it keeps there. */
  public static boolean isOfData(Throwable failure) {
    return failure instanceof ErrorType error && DATA.matcher(text(error)).find();
  }

  /** What is wrong with it, in the words of Redis. */
  public static String problem(Throwable failure) {
    String text = failure instanceof ErrorType error ? text(error) : message(failure);
    return printable(PLACE.matcher(text).replaceFirst(""));
  }

  /** A text of others' making, short and printable. */
  public static String printable(String text) {
    String shown = text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN);
    return UNPRINTABLE.matcher(shown).replaceAll("?");
  }

  /** What went wrong, for logs: with what to do about a refusal, and without passwords. */
  public static String reason(Throwable failure) {
    return message(isRefusal(failure) ? of(failure) : failure);
  }

  /** Timeouts and closed channels have no message: what they are says it. */
  private static String message(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
  }

  /** Whether Redis refuses by its configuration. */
  public static boolean isRefusal(Throwable failure) {
    return failure instanceof StoreRefusesException || refusal(failure) != null;
  }

  /** Whether Redis refuses this command, on a connection that is good for others. */
  public static boolean isRefusedCommand(Throwable failure) {
    Refusal refusal = refusal(failure);
    return refusal != null && !refusal.isOfConnection();
  }

  private static @Nullable Refusal refusal(Throwable failure) {
    return failure instanceof ErrorType error ? Refusal.of(text(error)) : null;
  }

  private static String text(ErrorType error) {
    return ARGUMENTS.matcher(String.valueOf(error.getMessage())).replaceFirst("");
  }

  /** Whether Redis does not have the script in its cache. */
  public static boolean isScriptMissing(Throwable failure) {
    return failure instanceof ErrorType error
        && String.valueOf(error.getMessage()).startsWith("NOSCRIPT");
  }

  /** Whether the user of Redis that this is may not run the command. */
  public static boolean isForbidden(Throwable failure) {
    return failure instanceof ErrorType error
        && isAny(Set.of("NOPERM"), String.valueOf(error.getMessage()));
  }

  /** Whether the connection is of no use any more, or leads to a server that lost its role. */
  public static boolean needsNewConnection(Throwable failure) {
    if (failure instanceof ErrorType error && !isLostConnection(failure)) {
      Refusal refusal = refusal(error);
      return refusal != null
          ? refusal.isOfConnection()
          : isAny(Set.of("READONLY"), String.valueOf(error.getMessage()));
    }
    return !isQueueFull(failure);
  }

  /** Whether the primary may be elsewhere by now. */
  public static boolean mayHaveMoved(Throwable failure) {
    return failure instanceof ErrorType error && !isLostConnection(failure)
        ? isAny(DISPLACED, String.valueOf(error.getMessage()))
        : !isQueueFull(failure);
  }

  private static boolean isLostConnection(Throwable failure) {
    return failure instanceof ErrorType
        && String.valueOf(failure.getMessage()).contains(CONNECTION_CLOSED);
  }

  /** The client's own limit, {@code quarkus.redis.max-waiting-handlers}. */
  private static boolean isQueueFull(Throwable failure) {
    return "Redis waiting queue is full".equals(failure.getMessage());
  }

  /** Redis 6.2 puts the error of a command in a script behind its own, with a dash. */
  private static boolean isAny(Set<String> prefixes, String message) {
    return prefixes.stream()
        .anyMatch(prefix -> message.startsWith(prefix + " ") || message.contains(": -" + prefix));
  }
}
