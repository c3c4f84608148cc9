package dev.dueline.client.worker;

import java.time.Duration;
import java.util.List;

/**
 * How a worker works.
 *
 * @param queues 1 to 64; while several have due jobs, those of an earlier one go first
 * @param concurrency handlers that run at once, 1 to 10,000
 * @param lease how long a job stays with a worker that has died, 1 s to 12 h; it is extended while
 *     the handler runs
 * @param maxRunTime a handler that runs longer is cancelled, and its job given back as failed
 * @param heartbeat how often the service shows that it is there, 1 s to 60 s; a stream that is
 *     silent for three of these is replaced
 * @param name for logs, metrics and the console; empty: the service makes one
 */
public record WorkerSettings(
    List<String> queues,
    int concurrency,
    Duration lease,
    Duration maxRunTime,
    Duration heartbeat,
    String name) {
  private static final int CONCURRENCY = 10;
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final int LEASES_TO_RUN = 10;

  /** Silence has to be noticed before leases are over. */
  private static final int HEARTBEATS_IN_LEASE = 6;

  private static final Duration SHORTEST_HEARTBEAT = Duration.ofSeconds(1);
  private static final Duration LONGEST_HEARTBEAT = Duration.ofSeconds(10);

  /** Checks what would make no worker; the service checks the rest. */
  public WorkerSettings {
    queues = List.copyOf(queues);
    if (queues.isEmpty() || concurrency < 1) {
      throw new IllegalArgumentException("a worker needs a queue, and a concurrency of 1 at least");
    }
  }

  /** Ten handlers at once, a lease of 30 s, and ten leases for a handler to run. */
  public static WorkerSettings of(String... queues) {
    return new WorkerSettings(
        List.of(queues),
        CONCURRENCY,
        LEASE,
        LEASE.multipliedBy(LEASES_TO_RUN),
        heartbeatOf(LEASE),
        "");
  }

  private static Duration heartbeatOf(Duration lease) {
    Duration heartbeat = lease.dividedBy(HEARTBEATS_IN_LEASE);
    if (heartbeat.compareTo(SHORTEST_HEARTBEAT) < 0) {
      return SHORTEST_HEARTBEAT;
    }
    return heartbeat.compareTo(LONGEST_HEARTBEAT) > 0 ? LONGEST_HEARTBEAT : heartbeat;
  }

  /** So many handlers at once. */
  public WorkerSettings withConcurrency(int handlers) {
    return new WorkerSettings(queues, handlers, lease, maxRunTime, heartbeat, name);
  }

  /** Another lease, of which a handler may run for ten, with six heartbeats, 1 s to 10 s each. */
  public WorkerSettings withLease(Duration duration) {
    return new WorkerSettings(
        queues,
        concurrency,
        duration,
        duration.multipliedBy(LEASES_TO_RUN),
        heartbeatOf(duration),
        name);
  }

  /** Another time for a handler to run; to be set after the lease. */
  public WorkerSettings withMaxRunTime(Duration duration) {
    return new WorkerSettings(queues, concurrency, lease, duration, heartbeat, name);
  }

  /** Another interval of heartbeats; to be set after the lease. */
  public WorkerSettings withHeartbeat(Duration interval) {
    return new WorkerSettings(queues, concurrency, lease, maxRunTime, interval, name);
  }

  /** A name of its own. */
  public WorkerSettings withName(String worker) {
    return new WorkerSettings(queues, concurrency, lease, maxRunTime, heartbeat, worker);
  }
}
