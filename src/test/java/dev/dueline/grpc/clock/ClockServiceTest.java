package dev.dueline.grpc.clock;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import com.google.rpc.Code;
import dev.dueline.delivery.Replica;
import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.context.DeliveryObserver;
import dev.dueline.delivery.limit.WatchLimits;
import dev.dueline.delivery.time.MovableClock;
import dev.dueline.delivery.time.MovableLoop;
import dev.dueline.grpc.Rejection;
import dev.dueline.grpc.TestService;
import dev.dueline.grpc.ThreadLoop;
import dev.dueline.grpc.failure.FailureDetails;
import dev.dueline.operation.NoReplicas;
import dev.dueline.operation.TestStore;
import dev.dueline.operation.clock.ClockOperations;
import dev.dueline.testing.v1.AdvanceRequest;
import dev.dueline.testing.v1.AdvanceResponse;
import dev.dueline.testing.v1.AdvanceToNextRequest;
import dev.dueline.testing.v1.ClockProto;
import dev.dueline.testing.v1.ClockServiceGrpc;
import dev.dueline.testing.v1.GetTimeRequest;
import dev.dueline.testing.v1.GetTimeResponse;
import dev.dueline.testing.v1.JobCounts;
import dev.dueline.testing.v1.ResetRequest;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the calls that move the clock take, and tell; and that no ordinary service has them. */
class ClockServiceTest {
  private final MovableClock clock = new MovableClock();
  private final ThreadLoop real = new ThreadLoop();
  private final ClockOperations operations = operations();
  private Server server;
  private ManagedChannel channel;
  private ClockServiceGrpc.ClockServiceBlockingStub calls;

  private ClockOperations operations() {
    TestStore store = new TestStore(1);
    Replica replica =
        new Replica(
            new Replica.Ports(
                store.jobs,
                store.operations,
                store.streams,
                store,
                () -> Uni.createFrom().nothing(),
                new NoReplicas()),
            new Replica.Settings(Duration.ofSeconds(5), 100, Duration.ZERO, WatchLimits.NONE),
            new DeliveryContext(
                TestService.REPLICA,
                new MovableLoop(real, clock),
                new SplittableRandom(1),
                DeliveryObserver.NONE));
    return new ClockOperations(
        clock,
        new ClockOperations.Stores(store, store.jobs, store.operations, store.streams),
        replica.watchers(),
        replica.leases());
  }

  @BeforeEach
  void start() throws IOException {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server =
        NettyServerBuilder.forAddress(anyPort)
            .addService(new ClockService(operations))
            .intercept(new FailureDetails())
            .build()
            .start();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
    calls = ClockServiceGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
    operations.close();
    real.close();
  }

  @Test
  void theTimeIsToldWithHowFarItWasMoved() {
    assertThat(time().getMoved()).isEqualTo(Durations.ZERO);

    AdvanceResponse moved =
        calls.advance(AdvanceRequest.newBuilder().setBy(Durations.fromDays(3)).build());

    assertThat(moved.getSteps()).isZero();
    assertThat(moved.getIncomplete()).isFalse();
    assertThat(moved.getJobs()).isEqualTo(JobCounts.getDefaultInstance());
    assertThat(Durations.toMillis(time().getMoved())).isEqualTo(clock.movedMs());
    assertThat(Timestamps.compare(time().getTime(), moved.getTime())).isNotNegative();
  }

  @Test
  void itCanBeMovedToATime() {
    Timestamp target = Timestamps.fromMillis(clock.millis() + 3_600_000);

    AdvanceResponse moved = calls.advance(AdvanceRequest.newBuilder().setTo(target).build());

    assertThat(Timestamps.compare(moved.getTime(), target)).isNotNegative();
    assertThat(calls.advanceToNext(AdvanceToNextRequest.getDefaultInstance()).getSteps()).isZero();
    assertThat(Timestamps.compare(calls.reset(ResetRequest.getDefaultInstance()).getTime(), target))
        .isNotNegative();
  }

  private GetTimeResponse time() {
    return calls.getTime(GetTimeRequest.getDefaultInstance());
  }

  @Test
  void whatIsWrongIsTold() {
    AdvanceRequest.Builder request = AdvanceRequest.newBuilder();
    refused(request.build(), "by");
    refused(request.setBy(Durations.fromMillis(-1)).build(), "by");
    refused(request.setBy(Durations.fromDays(3_654)).build(), "by");
    refused(request.setTo(Timestamps.fromMillis(clock.millis() - 60_000)).build(), "to");
    refused(request.setTo(Timestamps.fromMillis(MovableClock.LATEST_MS + 1)).build(), "to");
    refused(request.setTo(Timestamp.newBuilder().setNanos(-1)).build(), "to");
    request.setBy(Durations.fromDays(1));
    refused(request.setSettleTimeout(Durations.fromSeconds(61)).build(), "settle_timeout");
    refused(request.setSettleTimeout(Durations.fromSeconds(-1)).build(), "settle_timeout");
    assertThat(clock.movedMs()).isZero();
  }

  private void refused(AdvanceRequest request, String field) {
    Rejection rejection = Rejection.of(() -> calls.advance(request));
    assertThat(rejection.reason()).isEqualTo("INVALID_REQUEST");
    assertThat(rejection.fields()).containsExactly(field);
  }

  @Test
  void anOrdinaryServiceHasNoneOfTheseCalls() {
    try (TestService ordinary = new TestService()) {
      var stub = ClockServiceGrpc.newBlockingStub(ordinary.channel);
      for (Rejection rejection :
          List.of(
              Rejection.of(() -> stub.getTime(GetTimeRequest.getDefaultInstance())),
              Rejection.of(() -> stub.advance(AdvanceRequest.getDefaultInstance())),
              Rejection.of(() -> stub.advanceToNext(AdvanceToNextRequest.getDefaultInstance())),
              Rejection.of(() -> stub.reset(ResetRequest.getDefaultInstance())))) {
        assertThat(rejection.code()).isEqualTo(Code.UNIMPLEMENTED);
        assertThat(rejection.reason()).isEqualTo("UNKNOWN_METHOD");
      }
    }
    assertThat(ClockProto.getDescriptor().getServices().get(0).getMethods()).hasSize(4);
  }
}
