package dev.dueline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.failure.StoreBusyException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Calls to many shards, each answered when the test says. */
class ShardCallsTest {
  private final List<Integer> begun = new ArrayList<>();
  private final List<UniEmitter<? super Integer>> waiting = new ArrayList<>();

  @Test
  void atMostSixteenAreInFlight() {
    CompletableFuture<List<Integer>> all =
        ShardCalls.each(numbers(40), this::call).subscribeAsCompletionStage();
    assertThat(begun).hasSize(16);
    waiting.get(3).complete(3);
    assertThat(begun).hasSize(17);
    for (int i = 0; i < waiting.size(); i++) {
      waiting.get(i).complete(begun.get(i));
    }
    assertThat(all).isCompletedWithValue(numbers(40));
  }

  @Test
  void theFirstFailureLeavesOutWhatWasNotBegun() {
    CompletableFuture<List<Integer>> all =
        ShardCalls.each(numbers(20), this::call).subscribeAsCompletionStage();
    waiting.get(0).fail(new StoreBusyException("busy"));
    assertThat(all).isCompletedExceptionally();
    assertThat(begun).hasSize(16);
  }

  @Test
  void aFailureKeepsNoCallFromItsEnd() {
    List<Integer> ended = new ArrayList<>();
    CompletableFuture<List<Integer>> all =
        ShardCalls.eachToItsEnd(numbers(20), i -> call(i).invoke(ended::add))
            .subscribeAsCompletionStage();
    waiting.get(0).fail(new StoreBusyException("busy"));
    for (int i = 1; i < waiting.size(); i++) {
      waiting.get(i).complete(begun.get(i));
    }
    assertThat(ended).hasSize(19);
    assertThatThrownBy(all::join).hasCauseInstanceOf(StoreBusyException.class);
  }

  @Test
  void thousandsOfCallsThatAreAnsweredAtOnceTakeNoDeeperStack() {
    List<Integer> many = numbers(20_000);
    assertThat(ShardCalls.each(many, Uni.createFrom()::item).await().indefinitely())
        .isEqualTo(many);
    assertThat(ShardCalls.eachToItsEnd(many, Uni.createFrom()::item).await().indefinitely())
        .isEqualTo(many);
    Uni<List<Integer>> failing =
        ShardCalls.eachToItsEnd(
            many, i -> Uni.createFrom().failure(new StoreBusyException("busy")));
    assertThatThrownBy(() -> failing.await().indefinitely()).isInstanceOf(StoreBusyException.class);
  }

  @Test
  void callsMayHaveNoResult() {
    for (int count : new int[] {1, 2, 40}) {
      List<Void> done =
          ShardCalls.eachToItsEnd(numbers(count), i -> Uni.createFrom().voidItem())
              .await()
              .indefinitely();
      assertThat(done).hasSize(count).containsOnlyNulls();
    }
  }

  @Test
  void whatWritesIsBegunAtOnce() {
    CompletableFuture<List<Integer>> all =
        ShardCalls.eachToItsEnd(numbers(40), this::call).subscribeAsCompletionStage();
    assertThat(begun).hasSize(40);
    assertThat(all).isNotDone();
  }

  @Test
  void nothingToCallIsAnEmptyAnswer() {
    assertThat(ShardCalls.each(numbers(0), this::call).await().indefinitely()).isEmpty();
  }

  @Test
  void resultsComeInTheOrderOfTheItemsWhateverTheirShards() {
    List<Integer> items = numbers(250);
    List<Integer> results =
        ShardCalls.perShard(
                items,
                i -> new Shard(new QueueName("q"), i % 3),
                (shard, part) -> Uni.createFrom().item(part))
            .await()
            .indefinitely();
    assertThat(results).isEqualTo(items);
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private Uni<Integer> call(int i) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              begun.add(i);
              waiting.add(emitter);
            });
  }
}
