package dev.dueline.store.redis.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimeLimitsTest {
  private static final Duration SHORT = Duration.ofMillis(1);

  /** Longer than any test waits. */
  private static final Duration LONG = Duration.ofHours(1);

  private final AtomicInteger canceled = new AtomicInteger();
  private final AtomicInteger late = new AtomicInteger();
  private final TimeLimits limits = new TimeLimits();

  @AfterEach
  void close() {
    limits.close();
  }

  private UniAssertSubscriber<String> begin(Duration limit, Uni<String> exchange) {
    return limits
        .within(
            limit,
            exchange.onCancellation().invoke(canceled::incrementAndGet),
            () -> {
              late.incrementAndGet();
              return new IOException("silent");
            })
        .subscribe()
        .withSubscriber(UniAssertSubscriber.create());
  }

  @Test
  void aReplyInTimeIsPassedOn() {
    assertThat(begin(LONG, Uni.createFrom().item("pong")).awaitItem().getItem()).isEqualTo("pong");
    assertThat(canceled).hasValue(0);
  }

  @Test
  void aFailureInTimeIsPassedOn() {
    Throwable failure = new IllegalStateException("closed");
    assertThat(begin(LONG, Uni.createFrom().failure(failure)).awaitFailure().getFailure())
        .isSameAs(failure);
  }

  @Test
  void anExchangeThatTakesTooLongIsGivenUp() {
    begin(SHORT, Uni.createFrom().nothing()).awaitFailure().assertFailedWith(IOException.class);
    await().untilAsserted(() -> assertThat(canceled).hasValue(1));
  }

  @Test
  void whatIsOverInTimeIsNeverTooLate() {
    begin(SHORT, Uni.createFrom().item("pong")).awaitItem();
    begin(SHORT, Uni.createFrom().nothing()).cancel();
    // The wheel has passed both of their times by then: it was set later, for as long.
    begin(SHORT, Uni.createFrom().nothing()).awaitFailure();
    assertThat(late).hasValue(1);
    await()
        .untilAsserted(
            () -> assertThat(canceled).as("one by its caller, and the late one").hasValue(2));
  }
}
