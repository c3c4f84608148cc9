package dev.dueline.ops;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** The embedded Redis, which runs only where {@code quarkus.redis.hosts} is not set. */
@ConfigMapping(prefix = "dueline.embedded")
public interface EmbeddedRedisConfig {
  /**
   * Where the jobs are kept. Created if it is missing, readable by its owner alone; used by one
   * instance of the service at a time.
   */
  @WithDefault("${user.home}/.dueline/data")
  Path dataDir();

  /** A {@code redis-server} (6.2 or newer) to run in place of the one that comes along. */
  Optional<Path> redisServer();
}
