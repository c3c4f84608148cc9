package dev.dueline.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.Shard;
import dev.dueline.job.recurrence.Cron;
import dev.dueline.job.recurrence.Every;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.store.JobStore;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.Fed;
import dev.dueline.store.queue.RedisStreamStore;
import dev.dueline.store.queue.RedisStreamTarget;
import dev.dueline.store.redis.layout.IdCodec;
import dev.dueline.store.redis.script.queue.FeedCall;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in the stream of a shard, and what becomes of jobs where something is wrong. */
final class RedisStreamTest {
  private static final byte[] PAYLOAD = {0, 1, -1, 'x'};

  private final TestRedis redis = new TestRedis();
  private final JobStore store = redis.store();
  private final RedisStreamStore streams = redis.streams();
  private final Shard shard = new Shard(new QueueName("streamed"), 3);
  private final String key = streams.key(shard);

  @BeforeEach
  void deliver() {
    assertThat(await(streams.deliver(shard, new RedisStreamTarget("workers", 100)))).isTrue();
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "order-1234567", "ä", "a b é𝄞 z", "日本語", "xxxxxxx", "xxxxxxxx"})
  void anEntryHasAllThatAConsumerNeedsInPlainFields(String id) {
    RetryPolicy policy = new RetryPolicy(3, 5, 70, 1.5, 0.25);
    Recurrence cron = Recurrence.of(new Cron("0 */2 * * *", "Europe/Berlin"));
    Recurrence every = Recurrence.of(new Every(60_000));
    Map<String, String> attributes = Map.of("tenant", "ümlaut", "", "empty", "id", "x");
    List<Map<String, String>> entries = new ArrayList<>();
    for (RetryPolicy retries : new RetryPolicy[] {null, policy}) {
      for (Recurrence recurrence : new Recurrence[] {null, cron, every}) {
        schedule(id, attributes, retries, recurrence);
        assertThat(feed().dueMs()).containsExactly(1_000L);
        entries.addAll(entries());
        redis.send(Command.DEL, key);
        redis.send(Command.DEL, TestRedis.keys(shard).get(0), TestRedis.keys(shard).get(1));
      }
    }
    assertThat(entries).hasSize(6);
    for (Map<String, String> entry : entries) {
      assertThat(entry)
          .containsOnly(
              Map.entry("id", id),
              Map.entry("due_ms", "1000"),
              Map.entry("attempt", "1"),
              Map.entry("payload", new String(PAYLOAD, StandardCharsets.ISO_8859_1)),
              Map.entry("attribute:tenant", "ümlaut"),
              Map.entry("attribute:", "empty"),
              Map.entry("attribute:id", "x"));
    }
  }

  @Test
  void theGroupReadsFromTheBeginningAndIsMadeAgainWhereItIsGone() {
    schedule("a");
    feed();
    assertThat(unread()).isEqualTo(1);
    redis.send(Command.XGROUP, "DESTROY", key, "workers");
    schedule("b");
    feed();
    assertThat(unread()).isEqualTo(2);
    schedule("c");
    feed();
    assertThat(unread()).isEqualTo(1);
  }

  @Test
  void aNameThatNoQueueCanHaveHidesNoOther() {
    QueueName queue = new QueueName("streamed");
    var entered = await(streams.enter(queue));
    redis.send(Command.SADD, "dueline:streams", "no queue's name", "");
    assertThat(await(streams.queues())).containsExactly(queue);
    var left = await(streams.leave(queue));
    assertThat(await(streams.queues())).isEmpty();
  }

  @Test
  void whereTheKeyIsSomethingElseJobsStay() {
    redis.send(Command.SET, key, "mine");
    schedule("a");
    assertThatThrownBy(this::feed).hasMessageContaining("WRONGTYPE");
    assertThat(read("a")).contains(JobState.PENDING);
  }

  @Test
  void whereItTakesNoMoreEntriesJobsStay() {
    redis.send(Command.XADD, key, "18446744073709551615-18446744073709551615", "by", "others");
    schedule("a");
    assertThatThrownBy(this::feed).isInstanceOf(RuntimeException.class);
    assertThat(read("a")).contains(JobState.PENDING);
  }

  @Test
  void outOfMemoryJobsStillGoOut() {
    schedule("a");
    redis.send(Command.SCRIPT, "FLUSH");
    redis.send(Command.CONFIG, "SET", "maxmemory-policy", "noeviction");
    redis.send(Command.CONFIG, "SET", "maxmemory", "1");
    assertThat(feed().dueMs()).hasSize(1);
    assertThat(read("a")).isEmpty();
  }

  @Test
  void aRecordThatNobodyCanReadGoesToTheDeadAndHoldsUpNoOther() {
    schedule("bad");
    schedule("good");
    redis.send(Command.HSET, TestRedis.keys(shard).get(1), IdCodec.pack(new JobId("bad")), "?");
    assertThat(feed().dueMs()).hasSize(1);
    assertThat(read("bad")).contains(JobState.DEAD);
    assertThat(entries().get(0)).containsEntry("id", "good");
  }

  @Test
  void aZoneThatThisServerDoesNotKnowEndsTheSeriesWithTheDead() {
    schedule("r", Map.of(), null, Recurrence.of(new Cron("0 * * * *", "Europe/Berlin")));
    byte[] jobs = TestRedis.keys(shard).get(1);
    byte[] id = IdCodec.pack(new JobId("r"));
    byte[] record = redis.send(Command.HGET, jobs, id).toBuffer().getDelegate().getBytes();
    String text = new String(record, StandardCharsets.ISO_8859_1).replace("Berlin", "Merlin");
    redis.send(Command.HSET, jobs, id, text.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(feed().dueMs()).isEmpty();
    assertThat(read("r")).contains(JobState.DEAD);
  }

  @Test
  void aJobThatChangedWhileItsNextRunWasComputedIsLookedAtAnew() {
    schedule("r", Map.of(), null, Recurrence.of(new Every(60_000)));
    FeedCall.Step first = redis.run(new FeedCall(shard, 10, 1_000_000, List.of()));
    assertThat(first.runs()).hasSize(1);
    schedule("r", Map.of("new", "one"), null, Recurrence.of(new Every(60_000)));
    assertThat(redis.run(new FeedCall(shard, 10, 1_000_000, first.runs())).runs()).hasSize(1);
    assertThat(entries()).isEmpty();
    assertThat(feed().dueMs()).hasSize(1);
    assertThat(entries().get(0)).containsEntry("attribute:new", "one");
  }

  private void schedule(String id) {
    schedule(id, Map.of(), null, null);
  }

  private void schedule(
      String id,
      Map<String, String> attributes,
      @Nullable RetryPolicy retries,
      @Nullable Recurrence recurrence) {
    NewJob job =
        new NewJob(
            new JobId(id),
            new Due.At(1_000),
            PAYLOAD,
            new TreeMap<>(attributes),
            retries,
            0,
            recurrence,
            null);
    await(store.schedule(shard, List.of(new ScheduleItem(job, ConflictPolicy.REPLACE))));
  }

  private Fed feed() {
    return await(streams.feed(shard, 10));
  }

  private Optional<JobState> read(String id) {
    return await(store.read(shard, new JobId(id))).map(view -> view.state());
  }

  private List<Map<String, String>> entries() {
    List<Map<String, String>> entries = new ArrayList<>();
    for (Response entry : redis.send(Command.XRANGE, key, "-", "+")) {
      Map<String, String> fields = new TreeMap<>();
      for (int i = 0; i < entry.get(1).size(); i += 2) {
        String name = entry.get(1).get(i).toString();
        byte[] value = entry.get(1).get(i + 1).toBytes();
        boolean isText = !name.equals("payload");
        fields.put(
            name, new String(value, isText ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1));
      }
      entries.add(fields);
    }
    return entries;
  }

  private int unread() {
    Response read =
        redis.send(Command.XREADGROUP, "GROUP", "workers", "c", "COUNT", 100, "STREAMS", key, ">");
    return read.get(key) != null ? read.get(key).size() : read.get(0).get(1).size();
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }
}
