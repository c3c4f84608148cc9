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

  /** Whose turn it is to be looked after. */
  public static final String TURNS = "dueline:{" + QUEUES + "}:turns";

  /** The queues that are delivered to Redis Streams. */
  public static final String STREAMS = "dueline:streams";

  /** The layout of everything, and whether its clock is one that tests move. */
  public static final String LAYOUT = "dueline:layout";

  private static final List<String> INDEXES =
      List.of("pending", "jobs", "deliveries", "leases", "dead", "meta", "ttls");

  private static final List<String> REQUESTS = List.of("requests", "older_requests");
  private static final String STREAM = "stream";

  private RedisKeys() {}

  /** The keys of a shard, in the order in which every script takes them. */
  public static Stream<byte[]> of(Shard shard) {
    return keys(shard, INDEXES);
  }

  private static Stream<byte[]> keys(Shard shard, List<String> names) {
    String prefix = prefix(shard);
    return names.stream().map(name -> bytes(prefix + name));
  }

  /** The same, and its Redis Stream. */
  public static List<byte[]> withStream(Shard shard) {
    return Stream.concat(of(shard), Stream.of(bytes(stream(shard)))).toList();
  }

  /** Where a shard keeps what it says of itself. */
  public static String meta(Shard shard) {
    return prefix(shard) + "meta";
  }

  /** The keys of the registry: the queues, and their names. */
  public static List<byte[]> registry() {
    return List.of(bytes(QUEUES), bytes(QUEUE_NAMES));
  }

  /** The keys of the registry, and whose turn it is. */
  public static List<byte[]> turns() {
    return List.of(bytes(QUEUES), bytes(QUEUE_NAMES), bytes(TURNS));
  }

  /** The requests that a shard knows by their ids: the newer, then the older. */
  public static Stream<byte[]> requests(Shard shard) {
    return keys(shard, REQUESTS);
  }

  /** What SCAN finds the requests of all shards by. */
  public static List<String> requestPatterns() {
    return REQUESTS.stream().map(name -> "dueline:{*}:" + name).toList();
  }

  /**
   * Those of a shard, and those of requests only where a call has such with ids: while a slot
   * moves, Redis refuses calls that name a key which there is not.
   */
  public static List<byte[]> withRequests(Shard shard, boolean haveIds) {
    return Stream.concat(of(shard), haveIds ? requests(shard) : Stream.empty()).toList();
  }

  /** The Redis Stream that due jobs of a shard go to. */
  public static String stream(Shard shard) {
    return prefix(shard) + STREAM;
  }

  /**
   * A key of a shard by its name, for people who look at one: the last part of it.
   *
   * @throws IllegalArgumentException if a shard has no such key
   */
  public static String named(Shard shard, String name) {
    if (!INDEXES.contains(name) && !REQUESTS.contains(name) && !name.equals(STREAM)) {
      throw new IllegalArgumentException("not a key of a shard: " + name);
    }
    return prefix(shard) + name;
  }

  /** Where new heads of a shard are announced: named as the index whose head it is. */
  public static String headChannel(Shard shard) {
    return prefix(shard) + INDEXES.get(0);
  }

  /** Where a replica hears news of watchers from others. */
  public static String replicaChannel(long replica) {
    return "dueline:replica:" + Long.toHexString(replica);
  }

  /** Where a replica hears itself. */
  public static String heartbeatChannel(long replica) {
    return replicaChannel(replica) + ":heartbeat";
  }

  /** A key or channel, as Redis has it. */
  public static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  /** A key or channel, for people. */
  public static String text(byte[] key) {
    return new String(key, StandardCharsets.UTF_8);
  }

  private static String prefix(Shard shard) {
    return "dueline:{" + shard + "}:";
  }
}
