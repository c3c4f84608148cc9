package dev.dueline.operation.turn;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** So much at once, each owner in turn, and nothing for those who have left. */
class FairTurnsTest {
  private static final int MOST = 2;

  private final FairTurns turns = new FairTurns(MOST);
  private final List<String> begun = new ArrayList<>();
  private final Deque<UniEmitter<? super String>> running = new ArrayDeque<>();

  private Cancellable take(String owner, String work) {
    return turns
        .take(
            owner,
            () -> {
              begun.add(work);
              return Uni.createFrom().<String>emitter(running::add);
            })
        .subscribe()
        .with(done -> {}, failed -> {});
  }

  private void endOne() {
    running.remove().complete("done");
  }

  @Test
  void whoAsksForMuchWaitsBehindHimself() {
    for (int i = 1; i <= 5; i++) {
      take("greedy", "greedy-" + i);
    }
    take("modest", "modest-1");
    assertThat(begun).containsExactly("greedy-1", "greedy-2");

    endOne();
    endOne();
    endOne();

    assertThat(begun).containsExactly("greedy-1", "greedy-2", "greedy-3", "modest-1", "greedy-4");
  }

  @Test
  void whatIsCanceledWhileItWaitsIsNotBegun() {
    take("a", "a-1");
    take("a", "a-2");
    take("a", "a-3").cancel();
    take("a", "a-4");

    endOne();

    assertThat(begun).containsExactly("a-1", "a-2", "a-4");
  }

  @Test
  void whatIsCanceledWhileItRunsKeepsItsTurnUntilItHasEnded() {
    take("a", "a-1").cancel();
    take("a", "a-2").cancel();
    take("b", "b-1");
    assertThat(begun).containsExactly("a-1", "a-2");
    endOne();
    assertThat(begun).containsExactly("a-1", "a-2", "b-1");
    endOne();
    take("b", "b-2");
    take("b", "b-3");
    assertThat(begun).containsExactly("a-1", "a-2", "b-1", "b-2");
  }

  @Test
  void whatFailsOrCannotBeginMakesRoom() {
    List<Throwable> failures = new ArrayList<>();
    for (int i = 0; i < 3 * MOST; i++) {
      turns
          .take("a", () -> Uni.createFrom().<String>failure(new IllegalStateException()))
          .subscribe()
          .with(done -> {}, failures::add);
      turns
          .<String>take(
              "b",
              () -> {
                throw new IllegalArgumentException();
              })
          .subscribe()
          .with(done -> {}, failures::add);
    }
    assertThat(failures).hasSize(6 * MOST);
    take("c", "c-1");
    assertThat(begun).containsExactly("c-1");
  }

  @Test
  void manyThatEndAtOnceNeedNoStack() {
    AtomicInteger done = new AtomicInteger();
    take("a", "a-1");
    take("a", "a-2");
    for (int i = 0; i < 100_000; i++) {
      turns
          .take("a", () -> Uni.createFrom().<String>failure(new IllegalStateException()))
          .subscribe()
          .with(item -> {}, failed -> done.incrementAndGet());
    }

    endOne();
    endOne();

    assertThat(done).hasValue(100_000);
  }
}
