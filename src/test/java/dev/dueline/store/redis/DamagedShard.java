package dev.dueline.store.redis;

import dev.dueline.job.JobId;
import dev.dueline.job.Shard;
import dev.dueline.store.Inconsistency;
import dev.dueline.store.SweepStep;
import dev.dueline.store.redis.layout.IdCodec;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The keys of one shard, for a test that breaks them behind the store's back. */
final class DamagedShard {
  private static final int MOST_STEPS = 10_000;
  private static final List<String> NAMES =
      List.of("pending", "jobs", "deliveries", "leases", "dead", "meta", "ttls");

  private final TestRedis redis;
  private final Shard shard;

  DamagedShard(TestRedis redis, Shard shard) {
    this.redis = redis;
    this.shard = shard;
  }

  byte[] key(String name) {
    return TestRedis.keys(shard).get(NAMES.indexOf(name));
  }

  void put(String index, String id, long ms) {
    redis.send(Command.ZADD, key(index), ms, pack(id));
  }

  void takeOut(String index, String id) {
    redis.send(Command.ZREM, key(index), pack(id));
  }

  void write(String hash, String id, byte[] bytes) {
    redis.send(Command.HSET, key(hash), pack(id), bytes);
  }

  void erase(String hash, String id) {
    redis.send(Command.HDEL, key(hash), pack(id));
  }

  /** What an index or a hash holds, by id. */
  Map<String, String> content(String name) {
    boolean isHash = name.equals("jobs") || name.equals("deliveries");
    String key = "KEYS[" + (NAMES.indexOf(name) + 1) + "]";
    // Within a script a reply is flat, whatever the protocol of the connection.
    String script =
        isHash
            ? "return redis.call('HGETALL', " + key + ")"
            : "return redis.call('ZRANGE', " + key + ", 0, -1, 'WITHSCORES')";
    Response all = redis.eval(script, shard);
    Map<String, String> content = new HashMap<>();
    for (int i = 0; i < all.size(); i += 2) {
      content.put(TestRedis.jobId(all.get(i)), text(all.get(i + 1)));
    }
    return content;
  }

  /** Where an id stands and with which score, what is kept of it. */
  Map<String, String> jobs() {
    Map<String, String> jobs = new HashMap<>();
    for (String name : List.of("pending", "leases", "dead", "jobs", "deliveries")) {
      content(name)
          .forEach((id, text) -> jobs.merge(id, name + " " + text, (a, b) -> a + ", " + b));
    }
    return jobs;
  }

  long counter(String name) {
    Response value = redis.send(Command.HGET, key("meta"), name);
    return value == null ? 0 : value.toLong();
  }

  /** Makes one step. */
  SweepStep step(SweepStep.Pace pace) {
    return redis.store().sweep(shard, pace).await().atMost(Duration.ofSeconds(60));
  }

  /** Makes a whole pass, with something else between the steps; gives what it repaired. */
  Map<Inconsistency, Integer> sweep(Runnable between) {
    Map<Inconsistency, Integer> repaired = new EnumMap<>(Inconsistency.class);
    for (int i = 0; i < MOST_STEPS; i++) {
      SweepStep step = step(new SweepStep.Pace(0, 0, 0));
      step.repaired()
          .forEach((inconsistency, count) -> repaired.merge(inconsistency, count, Integer::sum));
      if (step.isComplete()) {
        return repaired;
      }
      between.run();
    }
    throw new AssertionError("a pass without end");
  }

  private static byte[] pack(String id) {
    return IdCodec.pack(new JobId(id));
  }

  private static String text(Response value) {
    return HexFormat.of().formatHex(value.toBuffer().getDelegate().getBytes());
  }
}
