package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.recurrence.Every;
import dev.dueline.job.recurrence.MissedRuns;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.store.SweepStep;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Extension;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import dev.dueline.store.failure.StoreDataException;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.redis.layout.IdCodec;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A key of another type leaves nothing half done, whichever script meets it. */
final class DamagedKeysTest {
  private static final long HOUR_MS = 3_600_000;
  private static final List<String> NAMES =
      List.of("pending", "jobs", "deliveries", "leases", "dead", "meta", "ttls", "stream");
  private static final List<String> INDEXES = List.of("pending", "leases", "dead");

  /**
   * What these cannot do of their items without such a key, they leave, and do the others. The last
   * two end what is over first.
   */
  private static final Set<String> EACH_FOR_ITSELF =
      Set.of("cancel", "release", "kill", "expire", "purgeDead", "redrive");

  private static final Set<String> DISPENSABLE = Set.of("dead", "ttls");
  private static final AtomicInteger QUEUES = new AtomicInteger();

  private static final Map<String, Function<DamagedKeysTest, Uni<?>>> CALLS = calls();

  private static TestRedis redis;
  private Shard shard;
  private final Map<String, LeaseRef> leases = new HashMap<>();

  @BeforeAll
  static void start() {
    redis = new TestRedis();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  private static Map<String, Function<DamagedKeysTest, Uni<?>>> calls() {
    Map<String, Function<DamagedKeysTest, Uni<?>>> calls = new TreeMap<>();
    calls.put("schedule", t -> t.schedule(job("new", 0, 0), job("newToo", 0, HOUR_MS)));
    calls.put(
        "replace", t -> t.schedule(job("new", 0, 0), job("waits", 9, 9), job("died", 0, HOUR_MS)));
    calls.put(
        "cancel",
        t ->
            redis
                .store()
                .cancel(t.shard, List.of(cancel("waits"), cancel("held"), cancel("died"))));
    calls.put("move", t -> redis.store().reschedule(t.shard, new JobId("due"), new Due.After(9)));
    calls.put("revive", t -> redis.store().reschedule(t.shard, new JobId("died"), new Due.At(9)));
    calls.put("claim", t -> redis.store().claim(t.shard, slots(10, HOUR_MS)));
    calls.put("ack", t -> redis.store().ack(t.shard.place(), t.held("held", "other")));
    calls.put("renew", t -> redis.store().ack(t.shard.place(), List.of(t.held("recurs"))));
    calls.put("release", t -> t.release(new Release.Target.DueAgain(new Due.After(5))));
    calls.put("kill", t -> t.release(new Release.Target.Dead()));
    calls.put(
        "extend",
        t ->
            redis
                .store()
                .extend(
                    t.shard.place(),
                    t.held("held", "other").stream()
                        .map(lease -> new Extension(lease, 9 * HOUR_MS))
                        .toList()));
    calls.put("expire", t -> redis.store().expire(t.shard, 100));
    calls.put("purge", t -> redis.operations().purge(t.shard, JobState.PENDING, 100));
    calls.put("purgeDead", t -> redis.operations().purge(t.shard, JobState.DEAD, 100));
    calls.put(
        "redrive", t -> redis.operations().redrive(t.shard, 100, new QueueStore.Spread(0, 0)));
    calls.put("sweep", t -> redis.store().sweep(t.shard, new SweepStep.Pace(0, 0, 0)));
    calls.put("feed", t -> redis.streams().feed(t.shard, 100));
    return calls;
  }

  static Stream<Arguments> damages() {
    return CALLS.keySet().stream()
        .flatMap(call -> NAMES.stream().map(name -> Arguments.of(call, name)));
  }

  private static NewJob job(String id, long inMs, long ttlMs) {
    Due due = new Due.After(inMs);
    return new NewJob(new JobId(id), due, new byte[9], new TreeMap<>(), null, ttlMs);
  }

  private static NewJob recurring() {
    Recurrence hourly = new Recurrence(new Every(HOUR_MS), Due.MAX_MS, 0, MissedRuns.SKIP);
    return new NewJob(
        new JobId("recurs"), new Due.After(0), new byte[1], new TreeMap<>(), null, 0, hourly, null);
  }

  private static CancelItem cancel(String id) {
    return new CancelItem(new JobId(id), true);
  }

  private static Slots slots(int count, long leaseMs) {
    return TestSlots.of(List.of(new Slots.Holder(1, 1, leaseMs)), Collections.nCopies(count, 0));
  }

  private Uni<?> schedule(NewJob... jobs) {
    return redis
        .store()
        .schedule(
            shard,
            Stream.of(jobs).map(job -> new ScheduleItem(job, ConflictPolicy.REPLACE)).toList());
  }

  private LeaseRef held(String id) {
    return Objects.requireNonNull(leases.get(id));
  }

  private List<LeaseRef> held(String... ids) {
    return Stream.of(ids).map(this::held).toList();
  }

  private Uni<?> release(Release.Target target) {
    List<Release> releases = new ArrayList<>();
    releases.add(
        new Release(held("other"), new Release.Target.DueAgain(new Due.After(1)), true, "x"));
    held("held", "withTtl", "recurs")
        .forEach(lease -> releases.add(new Release(lease, target, false, "x")));
    return redis.store().release(shard.place(), releases, false);
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }

  /** Jobs of each kind, of which some are over. */
  @BeforeEach
  void fill() {
    redis.setClockOffset(() -> 0);
    QueueName queue = new QueueName("damaged" + QUEUES.incrementAndGet());
    shard = await(redis.queues().layout(queue)).shards().get(0);
    await(
        schedule(
            job("held", 0, 0),
            job("other", 0, 0),
            job("died", 0, 0),
            job("withTtl", 0, HOUR_MS),
            recurring()));
    redis.setClockOffset(() -> 10);
    claim(10, HOUR_MS);
    await(schedule(job("lapsed", 0, 0)));
    redis.setClockOffset(() -> 20);
    claim(1, 1);
    await(
        redis
            .store()
            .release(
                shard.place(),
                List.of(new Release(held("died"), new Release.Target.Dead(), true, "x")),
                false));
    await(
        schedule(
            job("waits", HOUR_MS, 0),
            job("due", 0, 0),
            job("dueWithTtl", 0, HOUR_MS),
            job("late", 0, 1)));
    redis.send(Command.HSET, key("jobs"), "j", "junk");
    redis.send(Command.ZADD, key("pending"), System.currentTimeMillis() + 30, "j");
    redis.setClockOffset(() -> 10_000);
  }

  private void claim(int count, long leaseMs) {
    await(redis.store().claim(shard, slots(count, leaseMs)))
        .deliveries()
        .forEach(each -> leases.put(each.token().lease().id().value(), each.token().lease()));
  }

  private String key(String name) {
    return "dueline:{" + shard + "}:" + name;
  }

  @ParameterizedTest
  @MethodSource("damages")
  void nothingIsHalfDone(String call, String damaged) {
    if (call.equals("feed")) {
      redis.send(Command.HSET, key("meta"), "stream", "100 readers");
    }
    Set<String> gone = INDEXES.contains(damaged) ? members(damaged) : Set.of();
    damage(damaged);
    Map<String, String> before = state();
    boolean hasFailed = false;
    try {
      await(Objects.requireNonNull(CALLS.get(call)).apply(this));
    } catch (StoreDataException e) {
      hasFailed = true;
    }
    if (hasFailed && !(EACH_FOR_ITSELF.contains(call) && DISPENSABLE.contains(damaged))) {
      assertThat(state()).isEqualTo(before);
    }
    if (!damaged.equals("jobs")) {
      isWhole(damaged, gone);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dead", "ttls"})
  void leasesEndWithoutAnIndexThatTheyDoNotNeed(String damaged) {
    damage(damaged);
    assertThat(members("leases")).hasSize(5);
    await(redis.store().expire(shard, 100));
    assertThat(members("leases")).hasSize(4);
    isWhole(damaged, damaged.equals("dead") ? Set.of(packed("died")) : Set.of());
  }

  private void damage(String name) {
    redis.send(Command.DEL, key(name));
    redis.send(Command.SET, key(name), "somebody else's");
  }

  private static String packed(String id) {
    return HexFormat.of().formatHex(IdCodec.pack(new JobId(id)));
  }

  private Map<String, String> state() {
    Map<String, String> state = new TreeMap<>();
    for (String name : NAMES) {
      Response dump = redis.send(Command.DUMP, key(name));
      state.put(
          name,
          dump == null ? "" : HexFormat.of().formatHex(dump.toBuffer().getDelegate().getBytes()));
    }
    return state;
  }

  /** Each job is in one index, unless its own is the damaged one. */
  private void isWhole(String damaged, Set<String> gone) {
    List<String> indexed = new ArrayList<>();
    INDEXES.stream()
        .filter(name -> !name.equals(damaged))
        .forEach(name -> indexed.addAll(members(name)));
    assertThat(indexed).doesNotHaveDuplicates();
    Set<String> jobs = new HashSet<>();
    redis.send(Command.HKEYS, key("jobs")).forEach(id -> jobs.add(hex(id)));
    assertThat(jobs).containsAll(indexed);
    jobs.removeAll(gone);
    assertThat(indexed).containsAll(jobs);
  }

  private Set<String> members(String index) {
    Set<String> members = new HashSet<>();
    redis.send(Command.ZRANGE, key(index), "0", "-1").forEach(id -> members.add(hex(id)));
    return members;
  }

  private static String hex(Response value) {
    return HexFormat.of().formatHex(value.toBuffer().getDelegate().getBytes());
  }
}
