package dev.dueline.cli.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.client.Connection;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ClosedLoopTest {
  private final AtomicBoolean isStopped = new AtomicBoolean();
  private final Connection connection = new ConnectionOptions().openDirect();
  private final Calls calls = new Calls();

  @AfterEach
  void close() {
    connection.close();
  }

  private ClosedLoop loop(Duration silence) {
    PhaseTimeout timeout =
        new PhaseTimeout(silence, Duration.ofMinutes(1), isStopped::get, line -> {});
    return new ClosedLoop(List.of(connection), timeout, 3);
  }

  @Test
  void callsThatEndAtOnceDoNotPileUp() throws InterruptedException {
    Budget budget = new Budget(Amount.of(500_000));
    loop(Duration.ofSeconds(30))
        .run(
            "test",
            budget,
            calls,
            (to, whenOver) -> {
              Answer<String> answer = new Answer<>(calls, text -> {}, whenOver);
              return () -> {
                boolean isMore = budget.take(1) > 0;
                if (isMore) {
                  answer.begin().onCompleted();
                }
                return isMore;
              };
            });
    assertThat(calls.succeeded()).isEqualTo(500_000);
  }

  @Test
  void endsWhenOnlyFailuresComeAndThrowsTheFirst() {
    AtomicInteger made = new AtomicInteger();
    Budget budget = new Budget(Amount.of(Duration.ofHours(1)));
    assertThatThrownBy(
            () ->
                loop(Duration.ofSeconds(30))
                    .run(
                        "test",
                        budget,
                        calls,
                        (to, whenOver) -> {
                          Answer<String> answer = new Answer<>(calls, text -> {}, whenOver);
                          return () -> {
                            boolean isMore = budget.take(1) > 0;
                            if (isMore) {
                              String number = String.valueOf(made.getAndIncrement());
                              answer
                                  .begin()
                                  .onError(Status.INTERNAL.withDescription(number).asException());
                            }
                            return isMore;
                          };
                        }))
        .hasMessageStartingWith("INTERNAL: ");
    assertThat(calls.failures().count()).isGreaterThanOrEqualTo(10_000);
  }

  @Test
  void givesUpWhenNothingIsAnswered() {
    Budget budget = new Budget(Amount.of(10));
    assertThatThrownBy(
            () ->
                loop(Duration.ofMillis(20))
                    .run("test", budget, calls, (to, whenOver) -> () -> budget.take(1) > 0))
        .hasMessage("DEADLINE_EXCEEDED: test: no answer for 20 ms, after 0");
  }

  @Test
  void waitsForTheCallsThatAreOutWhenStopped() {
    isStopped.set(true);
    Budget budget = new Budget(Amount.of(Duration.ofHours(1)));
    assertThatThrownBy(
            () ->
                loop(Duration.ofSeconds(30))
                    .run(
                        "test",
                        budget,
                        calls,
                        (to, whenOver) -> {
                          Answer<String> answer = new Answer<>(calls, text -> {}, whenOver);
                          return () -> {
                            boolean isMore = budget.take(1) > 0;
                            if (isMore) {
                              Thread later = new Thread(answer.begin()::onCompleted);
                              later.start();
                            }
                            return isMore;
                          };
                        }))
        .hasMessage("CANCELLED: test: stopped");
    assertThat(budget.take(1)).isZero();
  }
}
