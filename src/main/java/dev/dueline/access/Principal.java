package dev.dueline.access;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who makes a call, and what it may do.
 *
 * @param name for people; limits count by it
 * @param queues of each permission; one that is missing is granted for none, and {@link
 *     Permission#READ} is granted where {@link Permission#OPERATE} is
 * @param maxWatchers connected to this replica at once; 0: no limit
 * @param callsPerSecond begun at this replica; 0: no limit
 */
public record Principal(
    String name, Map<Permission, QueuePatterns> queues, int maxWatchers, int callsPerSecond) {
  /** Whoever calls a service that asks nobody who they are. */
  public static final Principal ANYBODY =
      new Principal(
          "anybody",
          Stream.of(Permission.values())
              .collect(Collectors.toMap(Function.identity(), each -> QueuePatterns.ALL)),
          0,
          0);

  public Principal {
    Map<Permission, QueuePatterns> all = new EnumMap<>(Permission.class);
    all.putAll(queues);
    all.merge(
        Permission.READ,
        queues.getOrDefault(Permission.OPERATE, QueuePatterns.NONE),
        QueuePatterns::and);
    queues = Map.copyOf(all);
  }

  /** Whether it has the permission for a queue. */
  public boolean may(Permission permission, String queue) {
    return granted(permission).fit(queue);
  }

  /** The queues that it has the permission for. */
  public QueuePatterns granted(Permission permission) {
    return queues.getOrDefault(permission, QueuePatterns.NONE);
  }
}
