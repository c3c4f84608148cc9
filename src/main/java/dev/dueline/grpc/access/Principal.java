package dev.dueline.grpc.access;

import io.grpc.Context;
import java.util.Map;

/**
 * Who makes a call, and what it may do.
 *
 * @param name for people; limits count by it
 * @param queues of each permission; one that is missing is granted for none
 * @param maxWatchers connected to this replica at once; 0: no limit
 * @param callsPerSecond begun at this replica; 0: no limit
 */
public record Principal(
    String name, Map<Permission, QueuePatterns> queues, int maxWatchers, int callsPerSecond) {
  /** Whoever calls a service that asks nobody who they are. */
  public static final Principal ANYBODY =
      new Principal(
          "anybody",
          Map.of(
              Permission.SCHEDULE,
              QueuePatterns.ALL,
              Permission.WATCH,
              QueuePatterns.ALL,
              Permission.OPERATE,
              QueuePatterns.ALL),
          0,
          0);

  private static final Context.Key<Principal> CALLER =
      Context.keyWithDefault("dueline-principal", ANYBODY);

  public Principal {
    queues = Map.copyOf(queues);
  }

  /** Who makes the call that this thread begins; anybody, where calls are not told apart. */
  public static Principal current() {
    return CALLER.get();
  }

  /** The context in which this is who makes the call. */
  public Context context() {
    return Context.current().withValue(CALLER, this);
  }

  /** Whether it may. */
  public boolean may(Permission permission, String queue) {
    return granted(permission).fit(queue);
  }

  /** Where it may. */
  public QueuePatterns granted(Permission permission) {
    return queues.getOrDefault(permission, QueuePatterns.NONE);
  }
}
