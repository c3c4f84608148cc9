package dev.dueline.store;

import static dev.dueline.store.ContractFixture.at;
import static dev.dueline.store.ContractFixture.bytes;
import static dev.dueline.store.ContractFixture.id;
import static dev.dueline.store.ContractFixture.in;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import dev.dueline.job.NewJob;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.Shard;
import dev.dueline.job.StoredJob;
import dev.dueline.store.call.Canceled;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.call.Scheduled.Outcome;
import dev.dueline.store.due.Slots;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Schedule does to an empty id. For one that is taken see {@link ConflictContract}. */
interface ScheduleContract extends ContractFixture {
  @Test
  default void storesAJobUnderItsDueTime() {
    long due = nowMs() + MINUTE;

    Scheduled scheduled = schedule(NewJob.of(id("a"), at(due), bytes("x")), ConflictPolicy.REJECT);

    assertThat(scheduled).isEqualTo(new Scheduled(Outcome.CREATED, due, JobState.PENDING));
    JobView view = read("a");
    assertThat(view.state()).isEqualTo(JobState.PENDING);
    assertThat(view.dueMs()).isEqualTo(due);
    assertThat(view.stateMs()).isEqualTo(due);
    assertThat(view.failedAttempts()).isZero();
    assertThat(view.failures().last()).isEmpty();
  }

  @Test
  default void countsADelayFromItsOwnClockAndNeverShortensIt() {
    long before = await(store().claim(shard(), Slots.NONE)).nowUs();

    Scheduled scheduled =
        schedule(NewJob.of(id("a"), in(MINUTE), new byte[0]), ConflictPolicy.REJECT);

    long after = await(store().claim(shard(), Slots.NONE)).nowUs();
    assertThat(scheduled.dueMs() * 1000)
        .isBetween(before + MINUTE * 1000, after + MINUTE * 1000 + 999);
    assertThat(read("a").job().createMs()).isBetween(before / 1000, after / 1000);
  }

  @Test
  default void takesADueTimeThatHasPassed() {
    given("past", at(nowMs() - MINUTE));
    given("epoch", at(0));

    assertThat(claimedIds(10)).containsExactly("epoch", "past");
  }

  @Test
  default void takesTheLatestDueTimeAndTheLongestDelay() {
    given("end of time", at(Due.MAX_MS));
    given("long", in(Due.MAX_MS / 2));

    assertThat(read("end of time").dueMs()).isEqualTo(Due.MAX_MS);
    assertThat(read("long").dueMs()).isBetween(Due.MAX_MS / 2, Due.MAX_MS);
    assertThat(claimUpTo(10).deliveries()).isEmpty();
  }

  @Test
  default void keepsAllThatItWasGiven() {
    TreeMap<String, String> attributes = new TreeMap<>();
    attributes.put("traceparent", "00-ab-cd-01");
    attributes.put("ключ", "値 𝄞");
    attributes.put("", "");
    RetryPolicy policy = new RetryPolicy(3, 5, 70, 1.5, 0.25);
    byte[] payload = {0, -1, 13, 10, 127, -128, 0};
    NewJob job = new NewJob(id("a"), at(nowMs()), payload, attributes, policy, 5 * MINUTE);

    schedule(job, ConflictPolicy.REJECT);

    assertSame(read("a").job(), job);
    assertSame(claim(1).job(), job);
  }

  private static void assertSame(StoredJob stored, NewJob job) {
    assertThat(stored.payload()).isEqualTo(job.payload());
    assertThat(stored.attributes()).isEqualTo(job.attributes());
    assertThat(stored.retryPolicy()).isEqualTo(job.retryPolicy());
    assertThat(stored.ttlMs()).isEqualTo(job.ttlMs());
  }

  @Test
  default void keepsAttributesWithoutAPolicyAndAPolicyWithoutAttributes() {
    TreeMap<String, String> attributes = new TreeMap<>();
    attributes.put("k", "v");
    schedule(new NewJob(id("a"), in(0), bytes("p"), attributes, null, 0), ConflictPolicy.REJECT);
    schedule(
        new NewJob(id("b"), in(0), bytes("p"), new TreeMap<>(), RetryPolicy.DEFAULT, 0),
        ConflictPolicy.REJECT);

    assertThat(read("a").job().attributes()).isEqualTo(attributes);
    assertThat(read("a").job().retryPolicy()).isNull();
    assertThat(read("b").job().attributes()).isEmpty();
    assertThat(read("b").job().retryPolicy()).isEqualTo(RetryPolicy.DEFAULT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0", "-1", "nil", "a b", "{x}", "a:b/c", "*", "\"", "\\x00", "é", "𝄞", "日本", "+inf"
      })
  default void takesAnyTextForAnId(String id) {
    given(id, at(0));

    assertThat(read(id).job().id().value()).isEqualTo(id);
    assertThat(claim(1).job().id().value()).isEqualTo(id);
    assertThat(cancel(id, true).outcome()).isEqualTo(Canceled.Outcome.CANCELED);
  }

  @Test
  default void takesTheLongestId() {
    given("é".repeat(128), at(0));

    assertThat(claim(1).job().id().value()).isEqualTo("é".repeat(128));
  }

  @Test
  default void storesABatchInOneCall() {
    List<ScheduleItem> items =
        IntStream.range(0, 1_000)
            .mapToObj(i -> NewJob.of(id("job " + i), at(i), bytes("payload " + i)))
            .map(job -> new ScheduleItem(job, ConflictPolicy.REJECT))
            .toList();

    List<Scheduled> results = await(store().schedule(shard(), items));

    assertThat(results).extracting(Scheduled::outcome).hasSize(1_000).containsOnly(Outcome.CREATED);
    assertThat(results).element(999).extracting(Scheduled::dueMs).isEqualTo(999L);
    assertThat(ids(JobState.PENDING)).hasSize(1_000).startsWith("job 0").endsWith("job 999");
  }

  @Test
  default void judgesEachItemOfABatchAfterTheOnesBefore() {
    ScheduleItem first =
        new ScheduleItem(NewJob.of(id("a"), at(1), bytes("1")), ConflictPolicy.REJECT);
    ScheduleItem other =
        new ScheduleItem(NewJob.of(id("a"), at(2), bytes("2")), ConflictPolicy.REJECT);
    ScheduleItem replacing =
        new ScheduleItem(NewJob.of(id("a"), at(3), bytes("3")), ConflictPolicy.REPLACE);

    assertThat(await(store().schedule(shard(), List.of(first, other, first, replacing))))
        .containsExactly(
            new Scheduled(Outcome.CREATED, 1, JobState.PENDING),
            new Scheduled(Outcome.ID_TAKEN, 1, JobState.PENDING),
            new Scheduled(Outcome.UNCHANGED, 1, JobState.PENDING),
            new Scheduled(Outcome.REPLACED, 3, JobState.PENDING));
    assertThat(claim(1).job().payload()).isEqualTo(bytes("3"));
  }

  @Test
  default void storesNothingOfAnEmptyBatch() {
    assertThat(await(store().schedule(shard(), List.of()))).isEmpty();
    assertThat(ids(JobState.PENDING)).isEmpty();
  }

  @Test
  default void keepsShardsApart() {
    Shard other = new Shard(shard().queue(), shard().index() + 1);
    ScheduleItem item =
        new ScheduleItem(NewJob.of(id("elsewhere"), in(0), bytes("")), ConflictPolicy.REJECT);
    await(store().schedule(other, List.of(item)));

    assertThat(exists("elsewhere")).isFalse();
    assertThat(claimUpTo(1).deliveries()).isEmpty();
  }
}
