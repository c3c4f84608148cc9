package dev.dueline.delivery.sim;

import dev.dueline.delivery.context.DeliveryObserver;
import dev.dueline.delivery.context.RedisStreamState;
import dev.dueline.job.Shard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps what replicas tell. */
final class SimulatedObserver implements DeliveryObserver {
  private final List<Duration> noticedSteps = new ArrayList<>();
  private final Map<Shard, RedisStreamState> redisStreamStates = new HashMap<>();
  private final Map<Shard, Integer> failing = new HashMap<>();
  private int backstopFinds;

  int backstopFinds() {
    return backstopFinds;
  }

  int failing() {
    return failing.values().stream().mapToInt(Integer::intValue).sum();
  }

  List<Duration> noticedSteps() {
    return noticedSteps;
  }

  Map<Shard, RedisStreamState> redisStreamStates() {
    return redisStreamStates;
  }

  @Override
  public void backstopFoundOverdue(Shard shard, int jobs) {
    backstopFinds += jobs;
  }

  @Override
  public void storeClockStepped(long replica, String server, Duration by) {
    noticedSteps.add(by);
  }

  @Override
  public void redisStreamChanged(Shard shard, RedisStreamState before, RedisStreamState now) {
    redisStreamStates.put(shard, now);
  }

  @Override
  public void storeFailed(Shard shard, Throwable failure) {
    failing.merge(shard, 1, Integer::sum);
  }

  @Override
  public void storeRecovered(Shard shard) {
    failing.merge(shard, -1, Integer::sum);
  }
}
