package dev.dueline.system.security.callers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.dueline.system.process.RepeatedCalls;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.SchedulerServiceGrpc.SchedulerServiceBlockingStub;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one principal, or one connection, may take of a service. */
class LimitsIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int CALLS_PER_CONNECTION = 3;
  private static final PullDueRequest PULL =
      PullDueRequest.newBuilder().addQueues("limited").build();
  private static final WatchDueRequest WATCH =
      WatchDueRequest.newBuilder().addQueues("limited").build();
  private static final String HASTY = Tokens.random();
  private static final String WATCHER = Tokens.random();
  private static final String OTHER = Tokens.random();

  private static ServiceProcess service;

  @BeforeAll
  static void start(@TempDir Path data) {
    service =
        ServiceProcess.start(
            "dueline.embedded.data-dir=" + data,
            "dueline.store.timeout=30s",
            "dueline.limits.calls-per-connection=" + CALLS_PER_CONNECTION,
            principal("hasty", "token-sha256", Tokens.hash(HASTY)),
            principal("hasty", "watch", "limited"),
            principal("hasty", "calls-per-second", "2"),
            principal("watcher", "token-sha256", Tokens.hash(WATCHER)),
            principal("watcher", "watch", "limited"),
            principal("watcher", "watchers", "1"),
            principal("other", "token-sha256", Tokens.hash(OTHER)),
            principal("other", "watch", "limited"));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void whoCallsTooOftenIsToldWhenToComeAgain() throws InvalidProtocolBufferException {
    StatusRuntimeException refusal = null;
    while (refusal == null) {
      refusal = failure(() -> calls(HASTY).pullDue(PULL));
    }
    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(detail(refusal, ErrorInfo.class).getReason()).isEqualTo("RATE_EXCEEDED");
    assertThat(detail(refusal, ErrorInfo.class).getMetadataMap())
        .containsEntry("principal", "hasty");
    assertThat(Durations.toNanos(detail(refusal, RetryInfo.class).getRetryDelay())).isPositive();
    assertThat(failure(() -> calls(OTHER).pullDue(PULL))).isNull();
    await("the hasty one to be let in again")
        .atMost(TIMEOUT)
        .until(() -> failure(() -> calls(HASTY).pullDue(PULL)) == null);
  }

  @Test
  void aWatcherTooManyIsRefusedUntilAnotherEnds() throws InvalidProtocolBufferException {
    CancellableContext first = watch(calls(WATCHER));
    StatusRuntimeException refusal = failure(() -> calls(WATCHER).watchDue(WATCH).next());
    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(detail(refusal, ErrorInfo.class).getReason()).isEqualTo("TOO_MANY_WATCHERS");
    assertThat(failure(() -> calls(WATCHER).pullDue(PULL))).isNull();
    watch(calls(OTHER)).cancel(null);

    first.cancel(null);
    await("another watcher to be let in")
        .atMost(TIMEOUT)
        .until(() -> failure(() -> watch(calls(WATCHER)).cancel(null)) == null);
  }

  @Test
  void callsBeyondThoseOfAConnectionWaitForIt() {
    ManagedChannel channel = channel();
    ManagedChannel another = channel();
    try {
      List<CancellableContext> streams = new ArrayList<>();
      for (int i = 0; i < CALLS_PER_CONNECTION; i++) {
        streams.add(watch(calls(channel)));
      }
      SchedulerServiceBlockingStub hurried =
          calls(channel).withDeadline(Deadline.after(2, TimeUnit.SECONDS));
      StatusRuntimeException refusal = failure(() -> hurried.pullDue(PULL));
      assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
      assertThat(failure(() -> calls(another).pullDue(PULL))).isNull();
      streams.get(0).cancel(null);
      assertThat(failure(() -> calls(channel).pullDue(PULL))).isNull();
    } finally {
      channel.shutdownNow();
      another.shutdownNow();
    }
  }

  /** Opens a stream, and waits until it has begun. */
  private static CancellableContext watch(SchedulerServiceBlockingStub calls) {
    CancellableContext context = Context.current().withCancellation();
    Context before = context.attach();
    try {
      Iterator<WatchDueResponse> stream = calls.watchDue(WATCH);
      assertThat(stream.next().hasStarted()).isTrue();
    } finally {
      context.detach(before);
    }
    return context;
  }

  private static String principal(String name, String key, String value) {
    return "dueline.security.principals.\"" + name + "\"." + key + "=" + value;
  }

  private static ManagedChannel channel() {
    return NettyChannelBuilder.forAddress("127.0.0.1", service.port()).usePlaintext().build();
  }

  private static SchedulerServiceBlockingStub calls(ManagedChannel channel) {
    return calls(channel, OTHER);
  }

  private static SchedulerServiceBlockingStub calls(String token) {
    return calls(service.channel(), token);
  }

  /** Calls and streams that no test outlives. */
  private static SchedulerServiceBlockingStub calls(ManagedChannel channel, String token) {
    return Tokens.with(SchedulerServiceGrpc.newBlockingStub(channel), token)
        .withInterceptors(new RepeatedCalls())
        .withDeadlineAfter(120, TimeUnit.SECONDS);
  }

  private static @Nullable StatusRuntimeException failure(Runnable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call::run);
  }

  private static <T extends Message> T detail(StatusRuntimeException failure, Class<T> type)
      throws InvalidProtocolBufferException {
    for (Any any : StatusProto.fromThrowable(failure).getDetailsList()) {
      if (any.is(type)) {
        return any.unpack(type);
      }
    }
    throw new AssertionError("no " + type + " in " + failure);
  }
}
