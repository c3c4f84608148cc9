package dev.dueline.grpc.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import com.google.rpc.Code;
import dev.dueline.access.Principal;
import dev.dueline.access.Usage;
import dev.dueline.grpc.Rejection;
import dev.dueline.grpc.TestService;
import dev.dueline.v1.ListQueuesRequest;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import io.grpc.Context;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a principal may at most do at one replica. */
class PrincipalLimitsTest {
  private static final int CALLS_PER_SECOND = 4;

  /** For what a call that ends gives back, which it does after its answer. */
  private static final Duration LONG = Duration.ofMinutes(1);

  private final AtomicLong nowNanos = new AtomicLong();
  private volatile Principal caller = limited("me", 0, 0);
  private final TestService service =
      new TestService(
          new AccessControl(
              anybody -> Optional.of(caller), new Usage(nowNanos::get), new Standstill()));

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void callsBeyondTheRateAreRefusedUntilTheirTimeHasCome() {
    caller = limited("me", 0, CALLS_PER_SECOND);
    for (int i = 0; i < CALLS_PER_SECOND; i++) {
      call();
    }
    Rejection rejection = Rejection.of(this::call);
    assertThat(rejection.code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(rejection.reason()).isEqualTo("RATE_EXCEEDED");
    assertThat(rejection.info().getMetadataMap()).containsEntry("principal", "me");
    assertThat(rejection.status().getMessage()).contains("4 calls a second").contains("wait");
    long waitMs = Durations.toMillis(rejection.retry().getRetryDelay());
    assertThat(waitMs).isEqualTo(250);
    nowNanos.addAndGet((waitMs - 1) * 1_000_000);
    assertThat(Rejection.of(this::call).reason()).isEqualTo("RATE_EXCEEDED");
    nowNanos.addAndGet(1_000_000);
    call();
    assertThat(Rejection.of(this::call).reason()).isEqualTo("RATE_EXCEEDED");
  }

  @Test
  void theRateOfOneIsNotThatOfAnother() {
    caller = limited("me", 0, 1);
    call();
    assertThat(Rejection.of(this::call).reason()).isEqualTo("RATE_EXCEEDED");
    caller = limited("you", 0, 1);
    call();
  }

  @Test
  void aWatcherTooManyIsRefusedUntilOneEnds() {
    service.testWatch.connect();
    caller = limited("me", 1, 0);
    Context.CancellableContext first = Context.current().withCancellation();
    first.run(this::watch);
    Rejection rejection = Rejection.of(this::watch);
    assertThat(rejection.code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(rejection.reason()).isEqualTo("TOO_MANY_WATCHERS");
    assertThat(rejection.info().getMetadataMap()).containsEntry("principal", "me");
    assertThat(rejection.status().getMessage()).contains("which is 1").contains("end one");
    assertThat(Durations.toMillis(rejection.retry().getRetryDelay())).isPositive();
    first.cancel(null);
    await().atMost(LONG).ignoreExceptions().untilAsserted(this::watch);
    assertThat(Rejection.of(this::watch).reason()).isEqualTo("TOO_MANY_WATCHERS");
  }

  @Test
  void aPullThatWaitsIsAWatcherToo() {
    service.testWatch.connect();
    caller = limited("me", 1, 0);
    PullDueRequest.Builder pull = PullDueRequest.newBuilder().addQueues("q");
    assertThat(service.client().pullDue(pull.build()).getJobsList()).isEmpty();
    pull.setWaitTime(Durations.fromMillis(1));
    assertThat(service.client().pullDue(pull.build()).getJobsList()).isEmpty();
    await().atMost(LONG).ignoreExceptions().untilAsserted(this::watch);
    assertThat(Rejection.of(() -> service.client().pullDue(pull.build())).reason())
        .isEqualTo("TOO_MANY_WATCHERS");
    assertThat(service.client().pullDue(pull.clearWaitTime().build()).getJobsList()).isEmpty();
  }

  @Test
  void theWatchersOfOneAreNotThoseOfAnother() {
    service.testWatch.connect();
    caller = limited("me", 1, 0);
    watch();
    caller = limited("you", 1, 0);
    watch();
  }

  /** Gives back once the watcher is connected. */
  private void watch() {
    WatchDueRequest request = WatchDueRequest.newBuilder().addQueues("q").build();
    Iterator<WatchDueResponse> stream = service.client().watchDue(request);
    assertThat(stream.next().hasStarted()).isTrue();
  }

  private void call() {
    var unused = service.queues().listQueues(ListQueuesRequest.getDefaultInstance());
  }

  private static Principal limited(String name, int watchers, int callsPerSecond) {
    return new Principal(name, Principal.ANYBODY.queues(), watchers, callsPerSecond);
  }
}
