package dev.dueline.console.live;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What this replica knows of itself and of its store, beside how queues stand. Any thread. */
public interface ReplicaFacts {
  /** How late jobs of a queue were that this replica delivered lately; null: that is not known. */
  @Nullable Lateness lateness(String queue);

  /** What the primaries of the store that answer say of their memory, asked now. */
  Uni<List<Memory>> memory();

  /** Steps of the store's clock in the last hour, the latest first. */
  List<ClockStep> clockSteps();

  /** What sweeps of this replica repaired in the last hour, an entry a queue. */
  List<Repairs> repairs();

  /**
   * A bound for half of the jobs, and one for 99 % of them, each delivered for the first time.
   *
   * @param halfMs the time after which none of the half came; {@link Long#MAX_VALUE}: hours
   */
  record Lateness(long halfMs, long mostMs) {}

  /**
   * The memory of a primary.
   *
   * @param primary its host and port
   * @param maxBytes what it may use; 0: no limit
   */
  record Memory(String primary, long usedBytes, long maxBytes) {}

  /** The clock of a server was set; back, if by less than nothing. */
  record ClockStep(long atMs, String server, Duration by) {}

  /**
   * What did not fit together in a queue, and does again.
   *
   * @param atMs the last time
   */
  record Repairs(String queue, long atMs, long count) {}
}
