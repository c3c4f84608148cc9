package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.Delivery;
import dev.dueline.store.Inconsistency;
import dev.dueline.store.JobStore;
import dev.dueline.store.SweepStep;
import dev.dueline.store.SweepStep.Pace;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.Release;
import dev.dueline.store.due.Slots;
import dev.dueline.store.due.TestSlots;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A sweep repairs what does not fit together, and touches nothing else. */
final class SweepTest {
  private static final long HOUR_MS = 3_600_000;

  private final TestRedis redis = new TestRedis();
  private final JobStore store = redis.store();
  private final Shard shard = new Shard(new QueueName("swept"), 0);
  private final DamagedShard keys = new DamagedShard(redis, shard);
  private final AtomicLong offsetMs = new AtomicLong();

  @AfterEach
  void stop() {
    redis.close();
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }

  private void schedule(String prefix, int count, long dueMs) {
    List<ScheduleItem> items =
        IntStream.range(0, count)
            .mapToObj(i -> NewJob.of(new JobId(prefix + i), new Due.At(dueMs + i), new byte[80]))
            .map(job -> new ScheduleItem(job, ConflictPolicy.REJECT))
            .toList();
    for (int i = 0; i < count; i += 100) {
      await(store.schedule(shard, items.subList(i, Math.min(count, i + 100))));
    }
  }

  private List<Delivery> claim(int slots) {
    List<Slots.Holder> holder = List.of(new Slots.Holder(1, 1, HOUR_MS));
    return await(store.claim(shard, TestSlots.of(holder, Collections.nCopies(slots, 0))))
        .deliveries();
  }

  private void kill(List<Delivery> jobs) {
    await(
        store.release(
            shard,
            jobs.stream()
                .map(job -> new Release(job.token().lease(), new Release.Target.Dead(), true, "x"))
                .toList(),
            false));
  }

  private JobView read(String id) {
    return await(store.read(shard, new JobId(id))).orElseThrow();
  }

  private Map<Inconsistency, Integer> sweep() {
    return keys.sweep(() -> {});
  }

  @Test
  void aRecordInNoIndexIsPendingAgainAndAnnounced() {
    schedule("a", 1, 5);
    schedule("b", 1, 9);
    keys.takeOut("pending", "a0");
    HeadSubscriber subscriber = new HeadSubscriber(redis);

    assertThat(sweep()).containsExactly(Map.entry(Inconsistency.UNINDEXED, 1));

    assertThat(read("a0").state()).isEqualTo(JobState.PENDING);
    assertThat(read("a0").dueMs()).isEqualTo(5);
    assertThat(keys.counter("mended_unindexed")).isEqualTo(1);
    assertThat(subscriber.announced(shard)).containsExactly(5L);
    assertThat(claim(5)).hasSize(2);
  }

  @Test
  void anUnreadableRecordInNoIndexIsDead() {
    keys.write("jobs", "a", new byte[] {7, 7});

    assertThat(sweep()).containsExactly(Map.entry(Inconsistency.UNREADABLE, 1));

    assertThat(read("a").state()).isEqualTo(JobState.DEAD);
    assertThat(read("a").failures().last()).isEqualTo("unreadable record");
  }

  @Test
  void entriesWithoutRecordAreRemovedWithTheirDeliveries() {
    keys.put("pending", "a", 1);
    keys.put("leases", "b", 1);
    keys.put("dead", "c", 1);
    keys.write("deliveries", "b", new byte[38]);

    assertThat(sweep()).containsExactly(Map.entry(Inconsistency.RECORDLESS, 3));

    assertThat(keys.jobs()).isEmpty();
  }

  @Test
  void anIdInTwoIndexesStaysLeasedOrElsePending() {
    schedule("a", 3, 5);
    claim(1);
    keys.put("pending", "a0", 1);
    keys.put("dead", "a0", 1);
    keys.put("dead", "a1", 1);

    assertThat(sweep()).containsExactly(Map.entry(Inconsistency.DOUBLED, 3));

    assertThat(keys.content("leases")).containsOnlyKeys("a0");
    assertThat(keys.content("pending")).containsOnlyKeys("a1", "a2");
    assertThat(keys.content("dead")).isEmpty();
  }

  @Test
  void aDeliveryWithoutRecordIsRemoved() {
    keys.write("deliveries", "a", new byte[38]);

    assertThat(sweep()).containsExactly(Map.entry(Inconsistency.JOBLESS, 1));

    assertThat(keys.jobs()).isEmpty();
  }

  @Test
  void aPassIsSharedAndRests() {
    redis.setClockOffset(offsetMs::get);
    schedule("a", 1_000, HOUR_MS * 1_000_000);
    Pace pace = new Pace(100, HOUR_MS, 0);

    SweepStep first = keys.step(pace);
    assertThat(first.isComplete()).isFalse();
    SweepStep second = keys.step(pace);
    assertThat(second.waitMs()).isBetween(1L, 100L);
    int steps = 1;
    long lastMs = 0;
    for (SweepStep step = second; !step.isComplete(); steps++) {
      offsetMs.addAndGet(200);
      lastMs = await(store.nowMs(shard));
      step = keys.step(pace);
    }
    // 1,000 records by 25, and as many entries by 100, more or less.
    assertThat(steps).isBetween(15, 80);
    offsetMs.addAndGet(HOUR_MS / 2);
    SweepStep resting = keys.step(pace);
    assertThat(resting.isComplete()).isTrue();
    long leastMs = lastMs + HOUR_MS - await(store.nowMs(shard));
    assertThat(resting.waitMs()).isBetween(leastMs, HOUR_MS / 2);
    offsetMs.addAndGet(HOUR_MS / 2);
    assertThat(keys.step(pace).isComplete()).isFalse();
  }

  @Test
  void aPassThatBeganBeforeDoesNotCount() {
    redis.setClockOffset(offsetMs::get);
    schedule("a", 200, HOUR_MS * 1_000_000);
    keys.step(new Pace(10, HOUR_MS, 0));
    offsetMs.addAndGet(1_000);
    long since = System.currentTimeMillis() + offsetMs.get();
    offsetMs.addAndGet(1_000);
    Pace pace = new Pace(10, HOUR_MS, since);

    int completions = 0;
    for (SweepStep step = keys.step(pace); !step.isComplete(); step = keys.step(pace)) {
      offsetMs.addAndGet(20);
      completions +=
          redis.send(Command.HEXISTS, keys.key("meta"), "sweep").toInteger() == 0 ? 1 : 0;
    }

    assertThat(completions).isEqualTo(1);
    assertThat(keys.step(pace).waitMs()).isGreaterThan(HOUR_MS / 2);
  }

  @Test
  void goesOnOutOfMemory() {
    schedule("a", 3, 5);
    keys.takeOut("pending", "a1");
    redis.send(Command.CONFIG, "SET", "maxmemory-policy", "noeviction");
    redis.send(Command.CONFIG, "SET", "maxmemory", "1");

    assertThat(sweep()).containsExactly(Map.entry(Inconsistency.UNINDEXED, 1));
  }

  @Test
  void manyDamagesAreMendedWhileJobsComeAndGo() {
    Long given = Long.getLong("dueline.test.seed");
    long seed = given == null ? new SplittableRandom().nextLong() : given;
    SplittableRandom random = new SplittableRandom(seed);
    schedule("dead", 300, 1);
    for (int i = 0; i < 3; i++) {
      kill(claim(100));
    }
    schedule("leased", 700, 1_000);
    for (int i = 0; i < 7; i++) {
      claim(100);
    }
    schedule("job", 3_000, 10 * HOUR_MS * 1_000_000);
    Set<String> erased = new HashSet<>();
    Set<String> damaged = damage(random, erased);
    Map<String, String> before = keys.jobs();
    before.keySet().removeAll(damaged);
    AtomicInteger busy = new AtomicInteger();

    keys.sweep(() -> churn(busy));

    Map<String, String> after = keys.jobs();
    after.keySet().removeIf(id -> id.startsWith("busy"));
    Map<String, String> untouched = new HashMap<>(after);
    untouched.keySet().retainAll(before.keySet());
    assertThat(untouched).as("seed %s", seed).isEqualTo(before);
    Set<String> kept = new HashSet<>(before.keySet());
    kept.addAll(damaged);
    kept.removeAll(erased);
    assertThat(after.keySet()).as("seed %s", seed).isEqualTo(kept);
    isWhole("seed " + seed);
    assertThat(sweep()).as("seed %s", seed).isEmpty();
  }

  /** Jobs that come, are claimed and are done while the sweep is under way. */
  private void churn(AtomicInteger busy) {
    schedule("busy" + busy.incrementAndGet() + "/", 3, 0);
    List<Delivery> jobs = claim(2);
    if (busy.get() % 2 == 0) {
      await(store.ack(shard, jobs.stream().map(job -> job.token().lease()).toList()));
    }
  }

  /** Breaks some jobs; gives them, and those of which no record is left. */
  private Set<String> damage(SplittableRandom random, Set<String> erased) {
    List<String> ids = new ArrayList<>(new TreeSet<>(keys.jobs().keySet()));
    Set<String> damaged = new HashSet<>();
    List<String> indexes = List.of("pending", "leases", "dead");
    for (int i = 0; i < 400; i++) {
      String id = ids.get(random.nextInt(ids.size()));
      damaged.add(id);
      switch (random.nextInt(6)) {
        case 0 -> indexes.forEach(index -> keys.takeOut(index, id));
        case 1 -> {
          keys.erase("jobs", id);
          erased.add(id);
        }
        case 2, 3 -> keys.put(indexes.get(random.nextInt(3)), id, 10 * HOUR_MS * 1_000_000);
        case 4 -> {
          String stray = "stray" + i;
          keys.write("deliveries", stray, new byte[40]);
          damaged.add(stray);
          erased.add(stray);
        }
        default -> {
          String junk = "junk" + i;
          keys.write("jobs", junk, new byte[] {(byte) i});
          damaged.add(junk);
        }
      }
    }
    return damaged;
  }

  private void isWhole(String seed) {
    Set<String> records = keys.content("jobs").keySet();
    List<String> indexed = new ArrayList<>();
    for (String index : List.of("pending", "leases", "dead")) {
      indexed.addAll(keys.content(index).keySet());
    }
    assertThat(indexed).as(seed).doesNotHaveDuplicates();
    assertThat(new HashSet<>(indexed)).as(seed).isEqualTo(records);
    assertThat(records).as(seed).containsAll(keys.content("deliveries").keySet());
  }
}
