package dev.dueline.ops.debug;

import dev.dueline.cli.debug.ShardQuery;
import dev.dueline.cli.text.UsageException;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.impl.RedisURI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How Redis is reached, as a command line says. */
final class RedisAccess {
  /** What RedisURI takes for granted before it looks at the rest. */
  private static final Pattern URL = Pattern.compile("(rediss?://[^/]|unix:///).*");

  private RedisAccess() {}

  /**
   * The same for the client of Redis.
   *
   * @throws UsageException if it makes no sense; without the URL, which may have a password
   */
  static RedisOptions options(ShardQuery.Redis redis) {
    List<String> hosts = Stream.of(redis.hosts().split(",")).map(String::strip).toList();
    if (hosts.isEmpty() || !hosts.stream().allMatch(RedisAccess::isUrl)) {
      throw new UsageException("--redis: URLs such as redis://127.0.0.1:6379, with commas between");
    }
    return new RedisOptions()
        .setType(type(redis.type()))
        .setMasterName(redis.masterName())
        .setEndpoints(hosts);
  }

  private static RedisClientType type(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "standalone" -> RedisClientType.STANDALONE;
      case "sentinel" -> RedisClientType.SENTINEL;
      case "cluster" -> RedisClientType.CLUSTER;
      default -> throw new UsageException("--redis-type: standalone, sentinel or cluster");
    };
  }

  private static boolean isUrl(String host) {
    if (!URL.matcher(host).matches()) {
      return false;
    }
    try {
      var unused = new RedisURI(host);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
