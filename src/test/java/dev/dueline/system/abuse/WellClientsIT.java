package dev.dueline.system.abuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.dueline.client.WatchStream;
import dev.dueline.system.abuse.gauge.SeenConnections;
import dev.dueline.system.abuse.wire.Counts;
import dev.dueline.system.abuse.wire.FrameType;
import dev.dueline.system.abuse.wire.HeaderBlock;
import dev.dueline.system.abuse.wire.Messages;
import dev.dueline.system.abuse.wire.RawHttp2;
import dev.dueline.system.abuse.wire.Trait;
import dev.dueline.system.process.RepeatedCalls;
import dev.dueline.system.security.callers.Tokens;
import dev.dueline.v1.BatchScheduleRequest;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.WatchDueRequest;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What sound clients do and a careless bound would take for an attack. */
class WellClientsIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(120);

  /** Calls that are given up while the service is frozen: 500 a second for ten seconds. */
  private static final int GIVEN_UP = 5_000;

  private static final int AT_ONCE = 500;
  private static final int DEADLINE_MS = 200;
  private static final int WATCHES = 1_000;
  private static final int BATCHES = 64;
  private static final int PINGS = 60;
  private static final PullDueRequest PULL = PullDueRequest.newBuilder().addQueues("well").build();

  private static AbusedService service;

  private final SeenConnections connections = new SeenConnections();
  private ManagedChannel channel;

  @BeforeAll
  static void start(@TempDir Path data) {
    // Large messages over one connection take the time that a busy machine needs for them.
    service = new AbusedService(data, "dueline.limits.message-timeout=5m");
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @BeforeEach
  void connect() {
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", service.process().port())
            .usePlaintext()
            .build();
  }

  @AfterEach
  void disconnect() {
    channel.shutdownNow();
  }

  @Test
  void oneThatGivesUpCallsOfAFrozenServiceKeepsItsConnection() throws Exception {
    await("a first call").pollDelay(Duration.ZERO).atMost(TIMEOUT).until(this::isPulled);
    service.process().stop();
    int failed = 0;
    try {
      for (int i = 0; i < GIVEN_UP / AT_ONCE; i++) {
        List<Future<?>> calls = new ArrayList<>();
        for (int j = 0; j < AT_ONCE; j++) {
          calls.add(futures(DEADLINE_MS).pullDue(PULL));
        }
        failed += failures(calls);
      }
    } finally {
      service.process().resume();
    }
    assertThat(failed).isEqualTo(GIVEN_UP);
    // What came while it stood still is refused, and for a moment what may have come.
    await("calls").atMost(TIMEOUT).until(this::isPulled);
    for (int i = 0; i < 20; i++) {
      await("another call").pollDelay(Duration.ZERO).atMost(TIMEOUT).until(this::isPulled);
    }
    assertThat(connections.addresses()).hasSize(1);
  }

  private boolean isPulled() {
    try {
      blocking().pullDue(PULL);
      return true;
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      return false;
    }
  }

  @Test
  void aThousandWatchesOnOneConnectionAreServed() {
    AtomicInteger started = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    WatchDueRequest request =
        WatchDueRequest.newBuilder()
            .addQueues("well")
            .setAutoAck(true)
            .setMaxOutstandingJobs(1)
            .build();
    for (int i = 0; i < WATCHES; i++) {
      SchedulerServiceGrpc.SchedulerServiceStub stub =
          Tokens.with(
              SchedulerServiceGrpc.newStub(ClientInterceptors.intercept(channel, connections)),
              service.wellToken());
      WatchStream.open(stub, request, new CountingWatcher(started, ended));
    }
    await().atMost(TIMEOUT).until(() -> started.get() == WATCHES);
    assertThat(ended).hasValue(0);
    assertThat(connections.addresses()).hasSize(1);
  }

  @Test
  void manyLargeBatchesAtOnceAreTaken() throws Exception {
    List<BatchScheduleRequest> batches = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      batches.add(Batches.of("bulk-" + i + "-", 4, 250 << 10));
    }
    store(batches);
    assertThat(connections.addresses()).hasSize(1);
  }

  private void store(List<BatchScheduleRequest> batches) throws Exception {
    Batches.store(batches, batch -> futures(TIMEOUT.toMillis()).batchSchedule(batch), TIMEOUT);
  }

  /** Each has a few frames of its message under way when it is refused. */
  @Test
  void oneWhoseLargeCallsAreRefusedKeepsItsConnection() throws Exception {
    ScheduleRequest job =
        ScheduleRequest.newBuilder()
            .setQueue("abuse")
            .setJobId("refused")
            .setPayload(ByteString.copyFrom(new byte[60 << 10]))
            .build();
    SchedulerServiceGrpc.SchedulerServiceFutureStub stub =
        Tokens.with(SchedulerServiceGrpc.newFutureStub(channel), service.target().partial());
    await("a first call").pollDelay(Duration.ZERO).atMost(TIMEOUT).until(this::isPulled);
    List<Future<?>> calls = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      calls.add(stub.schedule(job));
    }
    for (Future<?> call : calls) {
      assertThatThrownBy(call::get).hasMessageContaining("PERMISSION_DENIED");
    }
    await("another call").pollDelay(Duration.ZERO).atMost(TIMEOUT).until(this::isPulled);
    assertThat(connections.addresses()).hasSize(1);
  }

  @Test
  void oneThatMeasuresItsBandwidthIsServed() throws Exception {
    Counts counts = new Counts();
    WatchDueRequest watch =
        WatchDueRequest.newBuilder()
            .addQueues("pinged")
            .setAutoAck(true)
            .setMaxOutstandingJobs(10_000)
            .build();
    try (RawHttp2 connection =
        RawHttp2.open(
            InetAddress.getByName("127.0.0.1"),
            service.process().port(),
            Set.of(Trait.PINGS_FOR_DATA),
            counts)) {
      int stream = call(connection, "WatchDue", watch);
      for (int i = 0; i < 20; i++) {
        BatchScheduleRequest.Builder jobs = Batches.of("pinged-" + i + "-", 250, 1_000).toBuilder();
        jobs.getRequestsBuilderList().forEach(job -> job.setQueue("pinged").clearWhen());
        jobs.getRequestsBuilderList().forEach(job -> job.getDelayBuilder().setSeconds(0));
        store(List.of(jobs.build()));
      }
      await().atMost(TIMEOUT).until(() -> connection.dataBytes() > 20 * 250 * 1_000);
      System.out.println("abuse: pings for data " + counts + ", ended: " + connection.ending());
      assertThat(connection.ending()).isEmpty();
      assertThat(connection.outcome(stream, Duration.ofMillis(100))).isEmpty();
      assertThat(counts.of("PING")).isPositive();
    }
  }

  /** As clients do whose keepalive is shorter than most servers permit. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void oneThatPingsMoreOftenThanItNeedsIsServed(boolean hasStream) throws Exception {
    try (RawHttp2 connection =
        RawHttp2.open(
            InetAddress.getByName("127.0.0.1"), service.process().port(), Set.of(), new Counts())) {
      if (hasStream) {
        WatchDueRequest watch = WatchDueRequest.newBuilder().addQueues("pinging").build();
        call(connection, "WatchDue", watch);
        await().atMost(TIMEOUT).until(() -> connection.dataBytes() > 0);
      }
      for (int i = 0; i < PINGS; i++) {
        connection.send(FrameType.PING, FrameType.NO_FLAGS, 0, new byte[8]);
      }
      // Frames are taken in their order: where its call is answered, the pings were taken.
      await("a call").pollDelay(Duration.ZERO).atMost(TIMEOUT).until(() -> isPulled(connection));
      assertThat(connection.ending()).isEmpty();
    }
  }

  /** Whether a call is answered well; otherwise it is refused, as the machine stood still. */
  private static boolean isPulled(RawHttp2 connection) throws Exception {
    String outcome = connection.outcome(call(connection, "PullDue", PULL), TIMEOUT);
    assertThat(outcome).isIn("OK", "UNAVAILABLE");
    return outcome.equals("OK");
  }

  private static int call(RawHttp2 connection, String method, MessageLite request)
      throws IOException, InterruptedException {
    return connection.call(
        HeaderBlock.call("/dueline.v1.SchedulerService/" + method, service.wellToken()),
        Messages.of(request.toByteArray()));
  }

  private SchedulerServiceGrpc.SchedulerServiceBlockingStub blocking() {
    return Tokens.with(
            SchedulerServiceGrpc.newBlockingStub(
                ClientInterceptors.intercept(channel, connections)),
            service.wellToken())
        .withDeadlineAfter(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
  }

  private SchedulerServiceGrpc.SchedulerServiceFutureStub futures(long deadlineMs) {
    return Tokens.with(
            SchedulerServiceGrpc.newFutureStub(ClientInterceptors.intercept(channel, connections)),
            service.wellToken())
        .withInterceptors(new RepeatedCalls())
        .withDeadlineAfter(deadlineMs, TimeUnit.MILLISECONDS);
  }

  private static int failures(List<Future<?>> calls) throws InterruptedException {
    int failed = 0;
    for (Future<?> call : calls) {
      try {
        call.get();
      } catch (java.util.concurrent.ExecutionException e) {
        failed++;
      }
    }
    return failed;
  }
}
