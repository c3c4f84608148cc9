package dev.dueline.store.redis.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A crowd asks once. */
final class SharedCallTest {
  private static final Duration FOREVER = Duration.ofDays(1);

  private final List<UniEmitter<? super String>> calls = new ArrayList<>();

  private SharedCall<String> shared(Duration pause) {
    return new SharedCall<>(pause, () -> Uni.createFrom().emitter(calls::add));
  }

  private static UniAssertSubscriber<String> get(SharedCall<String> shared) {
    return shared.get().subscribe().withSubscriber(UniAssertSubscriber.create());
  }

  @Test
  void oneUnderWayIsSharedHoweverLongItTakes() {
    SharedCall<String> shared = shared(Duration.ZERO);
    UniAssertSubscriber<String> first = get(shared);
    UniAssertSubscriber<String> second = get(shared);
    assertThat(calls).hasSize(1);

    calls.get(0).complete("it");

    first.assertCompleted().assertItem("it");
    second.assertCompleted().assertItem("it");
  }

  @Test
  void aFreshResultIsShared() {
    SharedCall<String> shared = shared(FOREVER);
    get(shared);
    calls.get(0).complete("it");

    get(shared).assertCompleted().assertItem("it");
    assertThat(calls).hasSize(1);
  }

  @Test
  void aFreshFailureIsShared() {
    SharedCall<String> shared = shared(FOREVER);
    get(shared);
    calls.get(0).fail(new IllegalStateException("no"));

    get(shared).assertFailedWith(IllegalStateException.class, "no");
    assertThat(calls).hasSize(1);
  }

  @Test
  void anOldResultIsNot() {
    SharedCall<String> shared = shared(Duration.ofNanos(1));
    get(shared);
    calls.get(0).fail(new IllegalStateException("no"));

    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              shared.soon();
              return calls.size() == 2;
            });
    calls.get(1).complete("new");
  }

  @Test
  void whoLeavesDoesNotCancelItForOthers() {
    SharedCall<String> shared = shared(FOREVER);
    UniAssertSubscriber<String> leaving = get(shared);
    UniAssertSubscriber<String> staying = get(shared);

    leaving.cancel();
    calls.get(0).complete("it");

    staying.assertCompleted().assertItem("it");
    get(shared).assertCompleted().assertItem("it");
    assertThat(calls).hasSize(1);
  }

  @Test
  void isMadeEvenIfWhoeverWantedItLeft() {
    SharedCall<String> shared = shared(FOREVER);
    get(shared).cancel();
    calls.get(0).complete("it");

    get(shared).assertCompleted().assertItem("it");
    assertThat(calls).hasSize(1);
  }
}
