package dev.dueline.grpc.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import com.google.rpc.Code;
import dev.dueline.delivery.watch.WatchSpec;
import dev.dueline.grpc.Deliveries;
import dev.dueline.grpc.Rejection;
import dev.dueline.grpc.TestLimits;
import dev.dueline.grpc.TestService;
import dev.dueline.grpc.TestWatch;
import dev.dueline.grpc.ThreadLoop;
import dev.dueline.job.QueueName;
import dev.dueline.store.news.WatchToken;
import dev.dueline.v1.DisconnectPolicy;
import dev.dueline.v1.StopWatchOutcome;
import dev.dueline.v1.StopWatchRequest;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import dev.dueline.v1.WatchDueResponse.EventCase;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** WatchDue over a real channel. */
class WatchDueTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final ThreadLoop loop = new ThreadLoop();
  private final TestService service = new TestService(TestLimits.DEFAULTS, 1, loop);

  @AfterEach
  void close() {
    service.close();
    loop.close();
  }

  @Test
  void theNearEndIsToldWhatIsWanted() {
    testWatch().connect();
    WatchDueRequest request =
        WatchDueRequest.newBuilder()
            .addQueues("urgent")
            .addQueues("q")
            .setWatcherId("w")
            .setMaxOutstandingJobs(3)
            .setLeaseDuration(Durations.fromMillis(1_500))
            .setAutoExtend(true)
            .setDisconnectPolicy(DisconnectPolicy.DISCONNECT_POLICY_RELEASE)
            .setHeartbeatInterval(Durations.fromMillis(2_000))
            .build();
    WatchDueResponse first = service.client().watchDue(request).next();
    assertThat(testWatch().spec.join())
        .isEqualTo(
            new WatchSpec(
                "w",
                WatchToken.ownerOf("anybody"),
                List.of(new QueueName("urgent"), new QueueName("q")),
                3,
                1_500,
                true,
                false,
                true));
    assertThat(first.getStarted().getWatcherId()).isEqualTo("w");
    assertThat(first.getStarted().getMaxOutstandingJobs()).isEqualTo(3);
    assertThat(first.getStarted().getLeaseDuration()).isEqualTo(Durations.fromMillis(1_500));
    assertThat(first.getStarted().getHeartbeatInterval()).isEqualTo(Durations.fromMillis(2_000));
    assertThat(first.getStarted().getAutoExtend()).isTrue();
    assertThat(first.getStarted().getAutoAck()).isFalse();
    assertThat(first.getStarted().getDisconnectPolicy())
        .isEqualTo(DisconnectPolicy.DISCONNECT_POLICY_RELEASE);
  }

  @Test
  void jobsComeUntilTheServerGoesAway() {
    testWatch().connect();
    Iterator<WatchDueResponse> stream = service.client().watchDue(request());
    assertThat(stream.next().getEventCase()).isEqualTo(EventCase.STARTED);
    loop.execute(() -> testWatch().sink.join().deliver(Deliveries.of(5, 10)));
    assertThat(stream.next().getDueJobs().getJobsCount()).isEqualTo(5);
    loop.execute(() -> testWatch().sink.join().draining(Duration.ZERO));
    assertThat(stream.next().getDraining().getReason()).isNotEmpty();
    loop.execute(() -> testWatch().sink.join().end());
    Rejection rejection = Rejection.of(stream::hasNext);
    assertThat(rejection.code()).isEqualTo(Code.UNAVAILABLE);
    assertThat(rejection.reason()).isEqualTo("DRAINING");
    await().atMost(LONG).untilAtomic(testWatch().disconnects, org.hamcrest.Matchers.is(1));
  }

  @Test
  void aHeartbeatBreaksTheSilence() {
    testWatch().connect();
    WatchDueRequest request =
        request().toBuilder().setHeartbeatInterval(Durations.fromMillis(1_000)).build();
    Iterator<WatchDueResponse> stream = service.client().watchDue(request);
    stream.next();
    assertThat(stream.next().getEventCase()).isEqualTo(EventCase.HEARTBEAT);
  }

  @Test
  void aClientsCancelDisconnects() {
    testWatch().connect();
    Context.CancellableContext context = Context.current().withCancellation();
    context.run(() -> service.client().watchDue(request()).next());
    context.cancel(null);
    await().atMost(LONG).untilAtomic(testWatch().disconnects, org.hamcrest.Matchers.is(1));
  }

  @Test
  void aCancelBeforeTheWatchIsThereDisconnectsItWhenItComes() {
    Context.CancellableContext context = Context.current().withCancellation();
    context.run(() -> service.client().watchDue(request()));
    testWatch().sink.join();
    context.cancel(null);
    await().atMost(LONG).until(() -> !testWatch().sink.join().isReady());
    testWatch().connect();
    await().atMost(LONG).untilAtomic(testWatch().disconnects, org.hamcrest.Matchers.is(1));
  }

  @Test
  void aBrokenConnectionDisconnects() {
    testWatch().connect();
    service.client().watchDue(request()).next();
    service.channel.shutdownNow();
    await().atMost(LONG).untilAtomic(testWatch().disconnects, org.hamcrest.Matchers.is(1));
  }

  @Test
  void aDeadlineDisconnects() {
    testWatch().connect();
    // A call may be over before the service has seen it, which then watches nothing.
    await()
        .atMost(LONG)
        .until(
            () -> {
              watchToTheDeadline();
              return testWatch().sink.isDone();
            });
    await().atMost(LONG).until(() -> testWatch().disconnects.get() > 0);
  }

  private void watchToTheDeadline() {
    Iterator<WatchDueResponse> stream =
        service.client().withDeadlineAfter(300, TimeUnit.MILLISECONDS).watchDue(request());
    assertThatThrownBy(() -> stream.forEachRemaining(event -> {}))
        .isInstanceOf(StatusRuntimeException.class);
  }

  @Test
  void aClientThatReadsNothingIsNotReady() {
    testWatch().connect();
    Iterator<WatchDueResponse> stream = service.client().watchDue(request());
    stream.next();
    for (int i = 0; i < 8; i++) {
      loop.execute(() -> testWatch().sink.join().deliver(Deliveries.of(1, 512 * 1_024)));
    }
    CompletableFuture<Void> written = new CompletableFuture<>();
    loop.execute(() -> written.complete(null));
    written.join();
    await().atMost(LONG).until(() -> !testWatch().sink.join().isReady());
    int before = testWatch().readies.get();
    for (int i = 0; i < 8; i++) {
      stream.next();
    }
    await().atMost(LONG).until(() -> testWatch().readies.get() > before);
    await().atMost(LONG).until(() -> testWatch().sink.join().isReady());
  }

  @Test
  void aWatchIsStoppedByItsToken() {
    StopWatchRequest request =
        StopWatchRequest.newBuilder().setWatchToken(TestWatch.TOKEN.encode()).build();
    assertThat(service.client().stopWatch(request).getOutcome())
        .isEqualTo(StopWatchOutcome.STOP_WATCH_OUTCOME_STOPPING);
    var unused =
        service
            .client()
            .stopWatch(request.toBuilder().setTimeout(Durations.fromSeconds(5)).build());
    assertThat(testWatch().stopped).containsExactly(TestWatch.TOKEN, TestWatch.TOKEN);
    assertThat(testWatch().timeouts)
        .containsExactly(TestLimits.DEFAULTS.maxLease(), Duration.ofSeconds(5));
  }

  @Test
  void nobodyStopsTheWatchOfAnotherPrincipal() {
    WatchToken others = new WatchToken(7, 1, 2, 3, WatchToken.ownerOf("somebody else"));
    StopWatchRequest request = StopWatchRequest.newBuilder().setWatchToken(others.encode()).build();
    Rejection rejection = Rejection.of(() -> service.client().stopWatch(request));
    assertThat(rejection.code()).isEqualTo(Code.PERMISSION_DENIED);
    assertThat(testWatch().stopped).isEmpty();
  }

  @Test
  void whatIsWrongIsSaidBeforeAnythingElse() {
    Iterator<WatchDueResponse> stream =
        service.client().watchDue(WatchDueRequest.getDefaultInstance());
    assertThat(Rejection.of(stream::hasNext).fields()).containsExactly("queues");
    assertThat(testWatch().spec).isNotDone();
  }

  private TestWatch testWatch() {
    return service.testWatch;
  }

  private static WatchDueRequest request() {
    return WatchDueRequest.newBuilder().addQueues("q").build();
  }
}
