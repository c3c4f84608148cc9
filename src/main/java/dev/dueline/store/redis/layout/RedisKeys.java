package dev.dueline.store.redis.layout;

import dev.dueline.job.Shard;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Spells every key and channel. */
public final class RedisKeys {
  /** The registry of queues. */
  public static final String QUEUES = "dueline:queues";

  /** The names in the registry, in order; the hash tag puts them into its slot. */
  public static final String QUEUE_NAMES = "dueline:{" + QUEUES + "}:names";

  /** The queues that are delivered to streams. */
  public static final String STREAMS = "dueline:streams";

  /** The number of the layout of everything. */
  public static final String LAYOUT = "dueline:layout";

  private static final List<String> INDEXES =
      List.of("pending", "jobs", "deliveries", "leases", "dead", "meta");

  private RedisKeys() {}

  /** The keys of a shard, in the order in which every script takes them. */
  public static Stream<byte[]> of(Shard shard) {
    return INDEXES.stream().map(index -> bytes(prefix(shard) + index));
  }

  /** Where due jobs of a shard go that is delivered to a stream. */
  public static String stream(Shard shard) {
    return prefix(shard) + "stream";
  }

  /** Where new heads of a shard are announced. */
  public static String headChannel(Shard shard) {
    return prefix(shard) + "head";
  }

  /** Where a replica hears of leases that ended elsewhere. */
  public static String replicaChannel(long replica) {
    return "dueline:replica:" + Long.toHexString(replica);
  }

  /** A key or channel, as Redis has it. */
  public static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  private static String prefix(Shard shard) {
    return "dueline:{" + shard + "}:";
  }
}
