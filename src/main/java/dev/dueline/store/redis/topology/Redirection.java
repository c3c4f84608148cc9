package dev.dueline.store.redis.topology;

import io.vertx.redis.client.impl.types.ErrorType;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a node of a cluster says that a key is.
 *
 * @param isLasting false: for this command only, while the slot is moving
 * @param host empty: the host of the node that said so
 */
record Redirection(boolean isLasting, String host, int port) {
  private static final Pattern FORM = Pattern.compile("^(MOVED|ASK) [0-9]+ (.*):([0-9]+)");

  /** What the failure says, or null if it is none. */
  static @Nullable Redirection of(Throwable failure) {
    if (!(failure instanceof ErrorType)) {
      return null;
    }
    Matcher matcher = FORM.matcher(String.valueOf(failure.getMessage()));
    return matcher.find()
        ? new Redirection(
            matcher.group(1).equals("MOVED"), matcher.group(2), Integer.parseInt(matcher.group(3)))
        : null;
  }

  /** The server that is meant. */
  String uri(String saidBy) {
    return Clients.at(saidBy, host.isEmpty() ? Clients.host(saidBy) : host, port);
  }
}
