package dev.dueline.store.redis;

import dev.dueline.store.Announcements;
import dev.dueline.store.JobStore;
import dev.dueline.store.QueueDirectory;
import dev.dueline.store.StoreReplyException;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import java.time.Duration;

/** The store's parts, on one Redis. */
public final class RedisStore implements AutoCloseable {
  private static final String USED_MEMORY = "used_memory:";

  private final RedisGateway gateway;
  private final RedisJobStore jobs;
  private final RedisQueueDirectory queues;
  private final RedisAnnouncements announcements;

  /**
   * A store. Nothing is sent before it is used.
   *
   * @param timeout after which a command without a reply counts as failed
   * @param shardsAtBirth how many shards a queue gets when it comes to be
   */
  public RedisStore(Redis redis, Duration timeout, int shardsAtBirth) {
    this.gateway = new RedisGateway(redis, timeout);
    this.jobs = new RedisJobStore(new ScriptRunner(gateway, () -> 0));
    this.queues = new RedisQueueDirectory(gateway, shardsAtBirth);
    this.announcements = new RedisAnnouncements(gateway);
  }

  /** Keeps the jobs. */
  public JobStore jobs() {
    return jobs;
  }

  /** Knows the queues. */
  public QueueDirectory queues() {
    return queues;
  }

  /** Brings news. */
  public Announcements announcements() {
    return announcements;
  }

  /** Bytes that Redis has allocated, as it says itself. */
  public Uni<Long> usedMemoryBytes() {
    return gateway
        .send(Request.cmd(Command.INFO).arg("memory"))
        .map(info -> usedMemoryBytes(info.toString()))
        .onFailure()
        .transform(RedisFailures::of);
  }

  private static long usedMemoryBytes(String info) {
    return info.lines()
        .filter(line -> line.startsWith(USED_MEMORY))
        .mapToLong(line -> Long.parseLong(line.substring(USED_MEMORY.length()).strip()))
        .findFirst()
        .orElseThrow(() -> new StoreReplyException("INFO without " + USED_MEMORY, null));
  }

  /** Listens to nothing any longer. */
  @Override
  public void close() {
    announcements.close();
  }
}
