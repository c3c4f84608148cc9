package dev.dueline.store.redis.failure;

import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The ways in which Redis refuses Dueline by its own configuration, in the wording of Redis 6.2 to
 * 8.2 and Valkey 7.2 to 9.1, and what whoever runs it can do.
 */
enum Refusal {
  /** Without authentication a long command is refused before its name is read. */
  NO_PASSWORD(
      true,
      "^NOAUTH |Protocol error: unauthenticated ",
      "give quarkus.redis.hosts the password that Redis asks for"),
  WRONG_PASSWORD(
      true,
      "^WRONGPASS |called without any password configured",
      "give quarkus.redis.hosts the user and password that Redis knows"),
  /** In scripts: of Redis 6.2 and 7.0, and of those after them. */
  NO_PERMISSION(
      false,
      "^NOPERM |The user executing the script can't |ACL failure in script",
      "give its user the commands, keys and channels that docs/operations.md lists"),
  PROTECTED_MODE(true, "^DENIED ", "give Redis a password, or set its protected-mode to no"),
  TOO_MANY_CLIENTS(true, "max number of clients", "raise maxclients of Redis"),
  UNKNOWN_COMMAND(
      false,
      "^ERR unknown command|Unknown (Redis )?command called from",
      "use Redis 6.2 or later, with all commands that docs/operations.md lists"),
  WRONG_DATABASE(
      true,
      "DB index is out of range|SELECT is not allowed in cluster mode",
      "name a database in quarkus.redis.hosts that there is, and none on a cluster"),
  NO_CLUSTER(
      false,
      "cluster support disabled",
      "leave out quarkus.redis.client-type=cluster, or name nodes of a cluster");

  private final boolean isOfConnection;
  private final Pattern wording;
  private final String remedy;

  /**
   * A way.
   *
   * @param isOfConnection whether the connection is of no use, while another one may be
   */
  Refusal(boolean isOfConnection, String wording, String remedy) {
    this.isOfConnection = isOfConnection;
    this.wording = Pattern.compile(wording);
    this.remedy = remedy;
  }

  /** What an error of Redis says, or null if it is no refusal. */
  static @Nullable Refusal of(String error) {
    return Arrays.stream(values())
        .filter(refusal -> refusal.wording.matcher(error).find())
        .findFirst()
        .orElse(null);
  }

  boolean isOfConnection() {
    return isOfConnection;
  }

  String remedy() {
    return remedy;
  }
}
