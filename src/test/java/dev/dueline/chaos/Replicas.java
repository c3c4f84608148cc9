package dev.dueline.chaos;

import dev.dueline.process.ServiceProcess;
import dev.dueline.v1.SchedulerServiceGrpc;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Replicas of the service on one Redis; one at a time can be killed and replaced. */
final class Replicas implements AutoCloseable {
  private final URI redis;
  private final List<ServiceProcess> running = new ArrayList<>();

  Replicas(URI redis, int count) {
    this.redis = redis;
    for (int i = 0; i < count; i++) {
      running.add(start());
    }
  }

  /** Calls to any of them, with a bounded wait. */
  SchedulerServiceGrpc.SchedulerServiceBlockingStub any(RandomGenerator random) {
    return SchedulerServiceGrpc.newBlockingStub(pick(random).channel())
        .withDeadlineAfter(5, TimeUnit.SECONDS);
  }

  /** Streams from any of them. */
  SchedulerServiceGrpc.SchedulerServiceStub stream(RandomGenerator random) {
    return SchedulerServiceGrpc.newStub(pick(random).channel());
  }

  /** As {@code kill -9}, and another one in its place. */
  void killOne(RandomGenerator random) {
    ServiceProcess victim = pick(random);
    victim.kill();
    synchronized (this) {
      running.remove(victim);
    }
    ServiceProcess next = start();
    synchronized (this) {
      running.add(next);
    }
  }

  private synchronized ServiceProcess pick(RandomGenerator random) {
    return running.get(random.nextInt(running.size()));
  }

  private ServiceProcess start() {
    return ServiceProcess.start("quarkus.redis.hosts=" + redis, "dueline.drain.timeout=1s");
  }

  @Override
  public synchronized void close() {
    running.forEach(ServiceProcess::close);
  }
}
