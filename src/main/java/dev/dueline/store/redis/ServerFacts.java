package dev.dueline.store.redis;

import dev.dueline.store.failure.StoreReplyException;

/**
 * What a primary says of itself, by INFO.
 *
 * @param primary its host and port
 * @param version of Redis, or of the Redis that it is compatible with
 * @param isAppendOnly whether writes go to an append-only file
 * @param evictionPolicy what happens to keys when memory is full
 * @param usedMemoryBytes what it has allocated
 * @param maxMemoryBytes what it may; 0: all that there is
 */
public record ServerFacts(
    String primary,
    String version,
    boolean isAppendOnly,
    String evictionPolicy,
    long usedMemoryBytes,
    long maxMemoryBytes) {

  /** Whether it refuses writes when its memory is full, instead of deleting jobs. */
  public boolean keepsAll() {
    return evictionPolicy.equals("noeviction");
  }

  static ServerFacts of(String primary, String info) {
    return new ServerFacts(
        primary,
        field(info, "redis_version"),
        field(info, "aof_enabled").equals("1"),
        field(info, "maxmemory_policy"),
        Long.parseLong(field(info, "used_memory")),
        Long.parseLong(field(info, "maxmemory")));
  }

  private static String field(String info, String name) {
    return info.lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElseThrow(() -> new StoreReplyException("INFO without " + name, null));
  }
}
