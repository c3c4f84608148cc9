package dev.dueline.system.chaos.nemesis;

import java.util.List;
import java.util.stream.Stream;

/** What can go wrong. */
public enum FaultKind {
  /** kill -9 of a primary, back before anybody takes its place. */
  REDIS_KILL(300, 3_000, Away.REDIS),
  /** kill -9 of a primary, back after another has taken its place. */
  REDIS_KILL_FAILOVER(300, 3_000, Away.REDIS),
  /** SIGSTOP of a primary: nothing answers, connections stay. */
  REDIS_STOP(500, 5_000, Away.REDIS),
  /** CLIENT PAUSE on a primary. */
  CLIENT_PAUSE(500, 3_000, Away.REDIS),
  /** DEBUG SLEEP on a primary. */
  DEBUG_SLEEP(500, 3_000, Away.REDIS),
  /** SENTINEL FAILOVER or CLUSTER FAILOVER. */
  FAILOVER(0, 0, Away.REDIS),
  /** All bytes to and from a primary vanish; afterwards connections that lost some are reset. */
  PARTITION_SWALLOW(500, 5_000, Away.NETWORK),
  /** The same; afterwards connections that lost some stay silent, as behind a NAT that forgot. */
  PARTITION_FORGET(500, 5_000, Away.NETWORK),
  /** All connections of a primary are cut, once. */
  PARTITION_CUT(0, 0, Away.NETWORK),
  /** All connections of a primary are cut, and new ones refused. */
  PARTITION_REFUSE(500, 5_000, Away.NETWORK),
  /** Each byte to or from a primary takes 100 to 300 ms. */
  SLOW_NETWORK(2_000, 5_000, Away.NOTHING),
  /** SCRIPT FLUSH on a primary. */
  SCRIPT_FLUSH(0, 0, Away.NOTHING),
  /** FLUSHALL on a primary: what it had is gone, whatever was answered before. */
  FLUSH(0, 0, Away.NOTHING),
  /** DEL of the registry of queues, of which nothing may show. */
  LOSE_REGISTRY(0, 0, Away.NOTHING),
  /** The clock of all servers is set forward or back by more than a minute, or right again. */
  CLOCK_STEP(0, 0, Away.NOTHING),
  /** CLIENT KILL TYPE pubsub on a primary. */
  PUBSUB_KILL(0, 0, Away.NOTHING),
  /** No memory is left on a primary. */
  MEMORY_FULL(1_500, 2_500, Away.NOTHING),
  /** kill -9 of a replica of the service, and a new one. */
  REPLICA_KILL(0, 0, Away.NOTHING),
  /** SIGSTOP of a replica of the service: what is sent to it waits until it goes on. */
  REPLICA_STOP(1_000, 8_000, Away.NOTHING),
  /** SIGTERM to each replica of the service in turn, and a new one, of the other build if any. */
  ROLLING_RESTART(0, 0, Away.NOTHING);

  /** What nobody could reach meanwhile. */
  private enum Away {
    NOTHING,
    NETWORK,
    REDIS
  }

  private final int leastMs;
  private final int mostMs;
  private final Away away;

  FaultKind(int leastMs, int mostMs, Away away) {
    this.leastMs = leastMs;
    this.mostMs = mostMs;
    this.away = away;
  }

  /**
   * Those that can happen to some Redis servers.
   *
   * @param canFailOver whether one can take another's place
   * @param canStep whether their clock can be set
   */
  public static List<FaultKind> all(boolean canFailOver, boolean canStep) {
    return Stream.of(values())
        .filter(kind -> canFailOver || kind != FAILOVER && kind != REDIS_KILL_FAILOVER)
        .filter(kind -> canStep || kind != CLOCK_STEP)
        .toList();
  }

  /** Whether Redis itself was away, so that the first delivery after it should follow at once. */
  public boolean isRedisAway() {
    return away == Away.REDIS;
  }

  int leastMs() {
    return leastMs;
  }

  int mostMs() {
    return mostMs;
  }
}
