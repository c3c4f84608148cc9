package dev.dueline.store.coalesce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.JobStore;
import dev.dueline.store.failure.StoreBusyException;
import dev.dueline.store.failure.StoreReplyException;
import dev.dueline.store.failure.StoreUnavailableException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is merged, when it goes out, and who gets which answer; the test plays the store. */
final class CoalescerTest {
  private static final Shard SHARD = new Shard(new QueueName("busy"), 0);
  private static final Shard OTHER = new Shard(new QueueName("other"), 0);
  private static final long ROOMY = 1 << 30;

  private final List<Sent> sent = new ArrayList<>();
  private Duration now = Duration.ZERO;

  /** A call that reached the store, which answers it when the test says so. */
  private record Sent(Shard shard, List<String> items, UniEmitter<? super List<String>> reply) {
    void answer() {
      reply.complete(items.stream().map(item -> item + "!").toList());
    }
  }

  private Coalescer<String, String> coalescer(long maxWaitingBytes) {
    return new Coalescer<>(
        (shard, items) ->
            Uni.createFrom().emitter(reply -> sent.add(new Sent(shard, items, reply))),
        String::length,
        new Coalescer.Backlog(maxWaitingBytes),
        () -> now.toNanos());
  }

  private static UniAssertSubscriber<List<String>> call(
      Coalescer<String, String> coalescer, Shard shard, String... items) {
    return coalescer
        .call(shard, List.of(items))
        .subscribe()
        .withSubscriber(UniAssertSubscriber.create());
  }

  private static String[] many(int count) {
    return Collections.nCopies(count, "x").toArray(String[]::new);
  }

  @Test
  void anIdleStoreIsAskedAtOnce() {
    var only = call(coalescer(ROOMY), SHARD, "a", "b");

    sent.get(0).answer();

    only.assertItem(List.of("a!", "b!"));
  }

  @Test
  void whatComesMeanwhileGoesOutTogetherAndEachGetsItsOwn() {
    Coalescer<String, String> coalescer = coalescer(ROOMY);
    call(coalescer, SHARD, "first");
    var second = call(coalescer, SHARD, "a", "b");
    var third = call(coalescer, SHARD, "c");
    assertThat(sent).hasSize(1);

    sent.get(0).answer();
    assertThat(sent.get(1).items()).containsExactly("a", "b", "c");
    sent.get(1).answer();

    second.assertItem(List.of("a!", "b!"));
    third.assertItem(List.of("c!"));
    assertThat(sent).hasSize(2);
  }

  @Test
  void theStoreHasWorkAgainBeforeCallersHaveTheirAnswers() {
    Coalescer<String, String> coalescer = coalescer(ROOMY);
    List<Integer> sentWhenAnswered = new ArrayList<>();
    coalescer.call(SHARD, List.of("a")).subscribe().with(x -> sentWhenAnswered.add(sent.size()));
    call(coalescer, SHARD, "b");

    sent.get(0).answer();

    assertThat(sentWhenAnswered).containsExactly(2);
  }

  @Test
  void shardsDoNotWaitForEachOther() {
    Coalescer<String, String> coalescer = coalescer(ROOMY);
    call(coalescer, SHARD, "a");
    var other = call(coalescer, OTHER, "b");

    sent.get(1).answer();

    other.assertItem(List.of("b!"));
  }

  @Test
  void manyGoOutBesideTheCallUnderWayButNotAsAThird() {
    Coalescer<String, String> coalescer = coalescer(ROOMY);
    call(coalescer, SHARD, "a");
    call(coalescer, SHARD, many(Lane.MANY_ITEMS));
    call(coalescer, SHARD, many(Lane.MANY_ITEMS));
    assertThat(sent).hasSize(2);

    sent.get(1).answer();

    assertThat(sent).hasSize(3);
  }

  @Test
  void noCallHasMoreThanTheStoreTakes() {
    Coalescer<String, String> coalescer = coalescer(ROOMY);
    int most = JobStore.MAX_BATCH;
    call(coalescer, SHARD, many(most));
    call(coalescer, SHARD, many(most));
    call(coalescer, SHARD, many(most - 1));
    call(coalescer, SHARD, "a");
    call(coalescer, SHARD, "b");

    sent.get(0).answer();
    sent.get(1).answer();
    sent.get(2).answer();

    assertThat(sent).extracting(each -> each.items().size()).containsExactly(most, most, most, 1);
  }

  @Test
  void largeItemsGoOutInFewerAtATime() {
    Coalescer<String, String> coalescer = coalescer(ROOMY);
    String large = "x".repeat((int) Lane.MAX_CALL_BYTES / 2);
    call(coalescer, SHARD, "a");
    call(coalescer, SHARD, large);
    call(coalescer, SHARD, large);

    sent.get(0).answer();

    assertThat(sent.get(1).items()).hasSize(1);
  }

  @Test
  void aFailureIsThatOfAllThatWentOutTogetherAndOfNoOther() {
    Coalescer<String, String> coalescer = coalescer(ROOMY);
    var first = call(coalescer, SHARD, "a");
    var second = call(coalescer, SHARD, "b");
    var third = call(coalescer, SHARD, "c");

    sent.get(0).answer();
    sent.get(1).reply().fail(new StoreUnavailableException("away", null));
    var fourth = call(coalescer, SHARD, "d");
    sent.get(2).answer();

    first.assertItem(List.of("a!"));
    second.assertFailedWith(StoreUnavailableException.class);
    third.assertFailedWith(StoreUnavailableException.class);
    fourth.assertItem(List.of("d!"));
  }

  @Test
  void aReplyThatIsTooShortIsABugOfThoseThatItLeavesOut() {
    Coalescer<String, String> coalescer = coalescer(ROOMY);
    call(coalescer, SHARD, "a");
    var second = call(coalescer, SHARD, "b");
    var third = call(coalescer, SHARD, "c");

    sent.get(0).answer();
    sent.get(1).reply().complete(List.of("b!"));

    second.assertItem(List.of("b!"));
    third.assertFailedWith(StoreReplyException.class);
  }

  @Test
  void beyondItsShareAShardRefusesAndOthersDoNot() {
    Coalescer<String, String> coalescer = coalescer(8_000);
    call(coalescer, SHARD, "a");
    call(coalescer, SHARD, "b");
    call(coalescer, SHARD, "c");
    var refused = call(coalescer, SHARD, "d");
    var other = call(coalescer, OTHER, "e");

    refused.assertFailedWith(StoreBusyException.class);
    sent.get(1).answer();
    other.assertItem(List.of("e!"));
  }

  @Test
  void beyondAllRoomEveryoneIsRefusedUntilAnswersCome() {
    Coalescer<String, String> coalescer = coalescer(1_000);
    call(coalescer, SHARD, "a");
    call(coalescer, OTHER, "b").assertFailedWith(StoreBusyException.class);

    sent.get(0).answer();
    var later = call(coalescer, OTHER, "c");
    sent.get(1).answer();

    later.assertItem(List.of("c!"));
  }

  /** An item takes half a KiB beside its content. */
  @Test
  void eachItemOfACallTakesRoom() {
    call(coalescer(8_000), SHARD, many(16)).assertFailedWith(StoreBusyException.class);
  }

  @Test
  void whoIsRefusedTakesNoRoom() {
    Coalescer<String, String> coalescer = coalescer(8_000);
    call(coalescer, SHARD, "a", "b", "c");
    for (int i = 0; i < 20; i++) {
      call(coalescer, SHARD, "d").assertFailedWith(StoreBusyException.class);
    }

    call(coalescer, OTHER, "e").assertNotTerminated();
  }

  @Test
  void whoIsToldThatTheStoreIsAwayLeavesRoomToAllAndToTheShard() {
    Coalescer<String, String> coalescer = coalescer(8_000);
    for (int i = 0; i < 20; i++) {
      call(coalescer, SHARD, "first");
      call(coalescer, SHARD, "early");
      now = now.plusSeconds(2);
      var late = call(coalescer, SHARD, "late");
      sent.get(2 * i).reply().fail(new StoreUnavailableException("away", null));
      // Three fit into its share.
      call(coalescer, SHARD, "second").assertNotTerminated();
      call(coalescer, SHARD, "third").assertNotTerminated();
      now = now.plusSeconds(2);
      sent.get(2 * i + 1).reply().fail(new StoreUnavailableException("away", null));
      late.assertFailedWith(StoreUnavailableException.class);
    }
  }

  @Test
  void oneWhoGoesAwayTakesNobodyElsesAnswer() {
    Coalescer<String, String> coalescer = coalescer(ROOMY);
    call(coalescer, SHARD, "a");
    var gone = call(coalescer, SHARD, "b");
    var stays = call(coalescer, SHARD, "c");
    gone.cancel();

    sent.get(0).answer();
    sent.get(1).answer();

    stays.assertItem(List.of("c!"));
  }

  @Test
  void whoHasWaitedForLongBehindAStoreThatIsAwayIsToldSo() {
    Coalescer<String, String> coalescer = coalescer(ROOMY);
    call(coalescer, SHARD, "first");
    var early = call(coalescer, SHARD, "early");
    now = Duration.ofMillis(1_500);
    var late = call(coalescer, SHARD, "late");
    now = Duration.ofSeconds(2);

    sent.get(0).reply().fail(new StoreUnavailableException("away", null));

    early.assertFailedWith(StoreUnavailableException.class);
    late.assertNotTerminated();
    assertThat(sent.get(1).items()).containsExactly("late");
    sent.get(1).answer();
    late.assertItem(List.of("late!"));
  }

  @Test
  void aRefusalOfOneCallIsNotHeldAgainstThoseThatWait() {
    Coalescer<String, String> coalescer = coalescer(ROOMY);
    call(coalescer, SHARD, "first");
    var waiting = call(coalescer, SHARD, "waiting");
    now = Duration.ofSeconds(2);

    sent.get(0).reply().fail(new StoreReplyException("no", null));
    sent.get(1).answer();

    waiting.assertItem(List.of("waiting!"));
  }
}
