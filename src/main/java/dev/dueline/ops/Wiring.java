package dev.dueline.ops;

import dev.dueline.access.FailedAuthentications;
import dev.dueline.access.Usage;
import dev.dueline.delivery.Replica;
import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.lease.Housekeeping;
import dev.dueline.delivery.lease.Leases;
import dev.dueline.delivery.limit.WatchLimits;
import dev.dueline.delivery.redisstream.RedisStreamQueues;
import dev.dueline.delivery.time.EventLoop;
import dev.dueline.delivery.watch.Watchers;
import dev.dueline.operation.job.JobOperations;
import dev.dueline.operation.queue.QueueOperations;
import dev.dueline.ops.dev.DevMode;
import dev.dueline.ops.dev.TestClock;
import dev.dueline.ops.metrics.DeliveryMetrics;
import dev.dueline.ops.metrics.ScriptMetrics;
import dev.dueline.ops.security.ConnectionConfig;
import dev.dueline.store.JobStore;
import dev.dueline.store.coalesce.CoalescingJobStore;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.RedisStreamStore;
import dev.dueline.store.queue.ShardPlan;
import dev.dueline.store.redis.DeadJobs;
import dev.dueline.store.redis.DeadJobsConfig;
import dev.dueline.store.redis.DurabilityConfig;
import dev.dueline.store.redis.QueuesConfig;
import dev.dueline.store.redis.RedisStore;
import dev.dueline.store.redis.RedisStoreConfig;
import dev.dueline.store.redis.RequestsConfig;
import dev.dueline.store.redis.topology.RedisGateway;
import dev.dueline.store.redis.topology.Replication;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.redis.client.Redis;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes the parts and hands each what it needs. */
final class Wiring {

  /** Asks for Quarkus's own client only so that Quarkus configures one. */
  @Produces
  @Singleton
  RedisGateway gateway(
      Redis unused,
      Vertx vertx,
      ConfiguredRedis configured,
      RedisStoreConfig config,
      @ConfigProperty(name = "quarkus.redis.hosts") Optional<String> hosts) {
    if (hosts.isPresent()) {
      DevMode.refuse("quarkus.redis.hosts");
    }
    return RedisGateway.of(vertx, configured.options(), config.timeout());
  }

  /** One that makes no spans where tracing is off; the SDK's own makes them, and drops them. */
  @Produces
  @Singleton
  Tracer tracer(
      OpenTelemetry telemetry, @ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean isOff) {
    return (isOff ? OpenTelemetry.noop() : telemetry).getTracer("dev.dueline");
  }

  @Produces
  @Singleton
  RedisStore store(
      RedisGateway gateway,
      QueuesConfig queues,
      DurabilityConfig durability,
      RedisStore.Retention retention,
      TestClock clock,
      ScriptMetrics metrics) {
    return new RedisStore(
        gateway,
        new ShardPlan(queues.shards(), queues.shardsByName().orElse(List.of())),
        replication(durability),
        retention,
        clock.movedMs(),
        metrics);
  }

  @Produces
  @Singleton
  RedisStore.Retention retention(DeadJobsConfig dead, RequestsConfig requests) {
    return new RedisStore.Retention(new DeadJobs(dead.maxJobs(), dead.maxAge()), requests.window());
  }

  private static Replication replication(DurabilityConfig durability) {
    if (durability.mode() == DurabilityConfig.Mode.LOCAL) {
      return Replication.NONE;
    }
    DevMode.refuse("dueline.durability=replicated");
    if (durability.replicas() < 1) {
      throw new IllegalArgumentException("dueline.durability.replicas: 1 or more");
    }
    return new Replication(durability.replicas(), durability.timeout());
  }

  void close(@Disposes RedisStore store) {
    store.close();
  }

  @Produces
  @Singleton
  JobStore jobs(RedisStore store, RedisStoreConfig config, ScriptMetrics metrics) {
    return new CoalescingJobStore(store.jobs(), config.maxWaitingBytes(), metrics);
  }

  @Produces
  @Singleton
  QueueDirectory queues(RedisStore store) {
    return store.queues();
  }

  @Produces
  @Singleton
  QueueStore operations(RedisStore store) {
    return store.operations();
  }

  @Produces
  @Singleton
  RedisStreamStore streams(RedisStore store) {
    return store.streams();
  }

  @Produces
  @Singleton
  JobOperations jobOperations(
      QueueDirectory directory, JobStore store, Leases leases, Watchers watchers) {
    return JobOperations.of(directory, store, leases, watchers::pull);
  }

  @Produces
  @Singleton
  QueueOperations queueOperations(
      QueueDirectory directory, QueueStore store, RedisStreamStore streams, Watchers watchers) {
    return QueueOperations.of(directory, store, streams, watchers.survey()::page);
  }

  @Produces
  @Singleton
  @Typed(DeliveryLoop.class)
  DeliveryLoop deliveryLoop() {
    return new DeliveryLoop();
  }

  void close(@Disposes DeliveryLoop loop) {
    loop.close();
  }

  @Produces
  @Singleton
  EventLoop loop(DeliveryLoop real, TestClock clock) {
    return clock.over(real);
  }

  /** One for gRPC and the console: calls at one count at the other. */
  @Produces
  @Singleton
  Usage usage() {
    return new Usage(System::nanoTime);
  }

  /** One for gRPC and the console: who tries tokens at one is known at the other. */
  @Produces
  @Singleton
  FailedAuthentications failures(ConnectionConfig config) {
    return new FailedAuthentications(config.failedAuthenticationsPerAddress(), System::nanoTime);
  }

  /** The time of day that callers are told. */
  @Produces
  @Singleton
  InstantSource instants(TestClock clock) {
    return clock.instants();
  }

  @Produces
  @Singleton
  Replica.Ports ports(RedisStore store, JobStore jobs, HousekeepingConfig housekeeping) {
    return new Replica.Ports(
        jobs,
        store.operations(),
        store.streams(),
        store.queues(),
        store.turns(Math.max(1, housekeeping.shardsPerSecond())),
        store.announcements());
  }

  @Produces
  @Singleton
  Replica.Settings settings(
      RedisStoreConfig config, IdleConfig idle, QueuesConfig queues, ConnectionConfig limits) {
    WatchLimits watches =
        WatchLimits.of(
            limits.watchedShards(),
            limits.watchedShardsPerPrincipal(),
            Runtime.getRuntime().maxMemory());
    return new Replica.Settings(config.timeout(), idle.callsPerSecond(), queues.idleTtl(), watches);
  }

  @Produces
  @Singleton
  Replica replica(
      Replica.Ports ports, Replica.Settings settings, EventLoop loop, DeliveryMetrics metrics) {
    SecureRandom random = new SecureRandom();
    return new Replica(
        ports, settings, new DeliveryContext(random.nextLong(), loop, random, metrics));
  }

  @Produces
  @Singleton
  Watchers watchers(Replica replica) {
    return replica.watchers();
  }

  @Produces
  @Singleton
  RedisStreamQueues redisStreams(Replica replica) {
    return replica.redisStreams();
  }

  @Produces
  @Singleton
  Housekeeping housekeeping(Replica replica) {
    return replica.housekeeping();
  }

  @Produces
  @Singleton
  Leases leases(Replica replica) {
    return replica.leases();
  }
}
