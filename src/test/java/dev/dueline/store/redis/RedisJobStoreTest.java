package dev.dueline.store.redis;

import dev.dueline.store.JobStore;
import dev.dueline.store.JobStoreContract;
import dev.dueline.store.queue.QueueStore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The store in a real Redis keeps the contract. */
final class RedisJobStoreTest extends JobStoreContract {
  private static final AtomicLong OFFSET_MS = new AtomicLong();
  private static TestRedis redis;

  @BeforeAll
  static void start() {
    redis = new TestRedis();
    redis.setClockOffset(OFFSET_MS::get);
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @Override
  public JobStore store() {
    return redis.store();
  }

  @Override
  public QueueStore operations() {
    return redis.operations();
  }

  @Override
  public void pass(long ms) {
    OFFSET_MS.addAndGet(ms);
  }
}
