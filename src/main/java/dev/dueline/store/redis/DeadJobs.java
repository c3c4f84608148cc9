package dev.dueline.store.redis;

import dev.dueline.store.redis.script.Arguments;
import java.time.Duration;

/**
 * How much is kept of dead jobs.
 *
 * @param mostJobs of one shard
 * @param longest since their death
 */
public record DeadJobs(int mostJobs, Duration longest) {
  public DeadJobs {
    if (mostJobs < 0) {
      throw new IllegalArgumentException("dueline.dead.max-jobs: 0 or more");
    }
    if (longest.isNegative()) {
      throw new IllegalArgumentException("dueline.dead.max-age: 0 or more");
    }
  }

  Arguments addTo(Arguments arguments) {
    return arguments.add(mostJobs).add(longest.toMillis());
  }
}
