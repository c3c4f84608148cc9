package dev.dueline.store.redis;

import dev.dueline.store.Announcements;
import dev.dueline.store.JobStore;
import dev.dueline.store.QueueDirectory;
import io.vertx.mutiny.redis.client.Redis;
import java.time.Duration;

/** The store's parts, on one Redis. */
public final class RedisStore implements AutoCloseable {
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
    RedisGateway gateway = new RedisGateway(redis, timeout);
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

  /** Listens to nothing any longer. */
  @Override
  public void close() {
    announcements.close();
  }
}
