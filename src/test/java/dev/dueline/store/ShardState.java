package dev.dueline.store;

import static dev.dueline.store.ModelSide.cell;

import dev.dueline.job.Failures;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.StoredJob;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.store.redis.TestRedis;
import dev.dueline.store.redis.layout.DeliveryRecord;
import dev.dueline.store.redis.layout.RecordCodec;
import io.vertx.mutiny.redis.client.Response;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * All that a shard keeps, in words that a real Redis and the model have in common: read behind the
 * port from the keys of Redis, where it also checks what must hold of them, or from the model.
 */
record ShardState(Map<String, String> jobs, Map<String, String> waits, Map<String, Long> counters) {
  /** Fields of meta that count nothing. */
  private static final Set<String> SETTINGS =
      Set.of(
          "sweep",
          "swept",
          "paused",
          "limits",
          "rate",
          "outstanding",
          "capacity",
          "tat",
          "stream",
          "longest",
          "idle",
          "shards");

  private static final String READ =
      """
      local state = {}
      for i, index in ipairs({KEYS[1], KEYS[4], KEYS[5]}) do
        state[i] = redis.call('ZRANGE', index, 0, -1, 'WITHSCORES')
      end
      local records = {}
      for _, id in ipairs(redis.call('HKEYS', KEYS[2])) do
        local record = redis.call('HGET', KEYS[2], id)
        for _, field in ipairs({id, string.sub(record, 1, 4096), #record}) do
          records[#records + 1] = field
        end
      end
      state[4] = records
      state[5] = redis.call('HGETALL', KEYS[3])
      state[6] = redis.call('HGETALL', KEYS[6])
      state[7] = redis.call('ZRANGE', KEYS[7], 0, -1, 'WITHSCORES')
      return state
      """;

  /** The state of the model. */
  static ShardState of(ModelShard shard, ModelSide side) {
    Map<String, String> jobs = new TreeMap<>();
    for (JobState state : JobState.values()) {
      shard
          .in(state)
          .forEach(
              job -> {
                String text = state + " " + cell(job.stateMs);
                text += record(job.dueMs, job.createMs, job.request.ttlMs(), job.size(true));
                text += job.request.recurrence() == null ? "" : " " + job.runs;
                if (job.hasDelivery()) {
                  String lease =
                      job.leaseId == null ? "" : side.name(new LeaseRef(job.id(), job.leaseId));
                  text += delivery(job.failedAttempts, job.deliveryDueMs, lease, job.failures());
                }
                jobs.put(job.id().value(), text);
              });
    }
    Map<String, String> waits = new TreeMap<>();
    shard.waits().forEach(job -> waits.put(job.id().value(), cell(job.waitEndMs())));
    return new ShardState(jobs, waits, new TreeMap<>(shard.counters()));
  }

  /** The state of the keys. Fails where they contradict each other. */
  static ShardState of(TestRedis redis, ModelSide side) {
    Response state = redis.eval(READ, side.shard());
    Map<String, String> jobs = new TreeMap<>();
    for (JobState index : JobState.values()) {
      Response entries = state.get(index.code() - 1);
      for (int i = 0; i < entries.size(); i += 2) {
        String text = index + " " + cell(entries.get(i + 1).toLong());
        String id = TestRedis.jobId(entries.get(i));
        String other = jobs.put(id, text);
        check(other == null, id + " is in two indexes: " + other + ", " + text);
      }
    }
    addRecords(jobs, state.get(3));
    addDeliveries(jobs, state.get(4), side);
    Map<String, String> waits = new TreeMap<>();
    Response ends = state.get(6);
    for (int i = 0; i < ends.size(); i += 2) {
      waits.put(TestRedis.jobId(ends.get(i)), cell(ends.get(i + 1).toLong()));
    }
    return new ShardState(jobs, waits, counters(state.get(5), jobs.size(), side));
  }

  private static void addRecords(Map<String, String> jobs, Response records) {
    check(records.size() == 3 * jobs.size(), records.size() / 3 + " records of " + jobs.keySet());
    for (int i = 0; i < records.size(); i += 3) {
      String id = TestRedis.jobId(records.get(i));
      StoredJob job = RecordCodec.decode(new JobId(id), bytes(records.get(i + 1)));
      String text =
          record(job.dueMs(), job.createMs(), job.ttlMs(), records.get(i + 2).toLong())
              + (job.series() == null ? "" : " " + job.series().runs());
      check(jobs.computeIfPresent(id, (k, v) -> v + text) != null, "a record in no index: " + id);
    }
  }

  private static void addDeliveries(Map<String, String> jobs, Response deliveries, ModelSide side) {
    for (int i = 0; i < deliveries.size(); i += 2) {
      String id = TestRedis.jobId(deliveries.get(i));
      byte[] bytes = bytes(deliveries.get(i + 1));
      DeliveryRecord found = DeliveryRecord.of(bytes);
      String lease = found.lease().map(of -> side.name(new LeaseRef(new JobId(id), of))).orElse("");
      String text = delivery(found.failedAttempts(), found.dueMs(), lease, found.failures());
      check(jobs.computeIfPresent(id, (k, v) -> v + text) != null, "a delivery of no job: " + id);
    }
  }

  private static Map<String, Long> counters(Response meta, int live, ModelSide side) {
    Map<String, Long> counters = new TreeMap<>();
    for (int i = 0; i < meta.size(); i += 2) {
      String field = meta.get(i).toString();
      if (!SETTINGS.contains(field)) {
        counters.put(field, Long.parseLong(meta.get(i + 1).toString()));
      }
    }
    Long fence = counters.remove("fence");
    check((fence == null ? 0 : fence) == side.keptFence(), "fence " + fence);
    long ended = 0;
    for (String end :
        new String[] {"acked", "canceled", "expired", "purged", "dropped_dead", "streamed"}) {
      ended += counters.getOrDefault(end, 0L);
    }
    // A run that died keeps its job live, whether or not it is renewed.
    long renewed = counters.getOrDefault("renewed", 0L);
    long begun = counters.getOrDefault("scheduled", 0L) + renewed;
    long died = Math.min(renewed, counters.getOrDefault("died", 0L));
    check(
        begun >= live + ended && begun - died <= live + ended,
        counters + " do not add up to live jobs: " + live);
    return counters;
  }

  private static String record(long dueMs, long createMs, long ttlMs, long size) {
    return ", record: due %s, created %s, ttl %d, %d bytes"
        .formatted(cell(dueMs), cell(createMs), ttlMs, size);
  }

  private static String delivery(int failed, long dueMs, String lease, Failures failures) {
    return ", delivery: failed %d, due %s, lease %s, %s"
        .formatted(failed, cell(dueMs), lease, ModelSide.failures(failures));
  }

  private static byte[] bytes(Response bulk) {
    return bulk.toBuffer().getDelegate().getBytes();
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
