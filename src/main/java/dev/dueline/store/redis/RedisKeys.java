package dev.dueline.store.redis;

import dev.dueline.job.Shard;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Spells every key and channel. */
final class RedisKeys {
  /** The registry of queues. */
  static final String QUEUES = "dueline:queues";

  /** The names in the registry, in order; the hash tag puts them into its slot. */
  static final String QUEUE_NAMES = "dueline:{" + QUEUES + "}:names";

  /** The queues that are delivered to streams. */
  static final String STREAMS = "dueline:streams";

  /** The number of the layout of everything. */
  static final String LAYOUT = "dueline:layout";

  private static final List<String> INDEXES =
      List.of("pending", "jobs", "deliveries", "leases", "dead", "meta");

  private RedisKeys() {}

  /** The keys of a shard, in the order in which every script takes them. */
  static Stream<byte[]> of(Shard shard) {
    return INDEXES.stream().map(index -> bytes(prefix(shard) + index));
  }

  /** Where due jobs of a shard go that is delivered to a stream. */
  static String stream(Shard shard) {
    return prefix(shard) + "stream";
  }

  /** Where new heads of a shard are announced. */
  static String headChannel(Shard shard) {
    return prefix(shard) + "head";
  }

  /** Where a replica hears of leases that ended elsewhere. */
  static String replicaChannel(long replica) {
    return "dueline:replica:" + Long.toHexString(replica);
  }

  /** A key or channel, as Redis has it. */
  static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  private static String prefix(Shard shard) {
    return "dueline:{" + shard + "}:";
  }
}
