package dev.dueline.store.redis.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.redis.client.impl.types.ErrorType;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RefusalLogTest {
  private static final ErrorType NO_ZADD =
      ErrorType.create("NOPERM User u has no permissions to run the 'zadd' command");

  private final AtomicLong nanos = new AtomicLong();
  private final RefusalLog log = new RefusalLog("Redis at a:1", nanos::get);

  @Test
  void isOverOnlyWhenNothingWasRefusedForAWhile() {
    log.refused(NO_ZADD);
    assertThat(log.last()).hasMessageContaining("'zadd'");
    log.served();
    assertThat(log.last()).isNotNull();
    nanos.addAndGet(RefusalLog.QUIET.toNanos() + 1);
    log.refused(NO_ZADD);
    log.served();
    assertThat(log.last()).isNotNull();
    nanos.addAndGet(RefusalLog.QUIET.toNanos() + 1);
    log.served();
    assertThat(log.last()).isNull();
  }
}
