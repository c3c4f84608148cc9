package dev.dueline.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import dev.dueline.v1.GetJobRequest;
import dev.dueline.v1.GetJobResponse;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.ScheduleResponse;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.SchedulerServiceGrpc.SchedulerServiceBlockingStub;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the service config for clients makes of calls, in grpc-java. */
class ServiceConfigTest {
  private static final Path CONFIG = Path.of("docs/clients/service-config.json");

  /** Of a call, in the config. */
  private static final String TIMEOUT = "\"timeout\": \"10s\"";

  /** Of a call here, in its place: more than a machine stands still. */
  private static final int TIMEOUT_SECONDS = 100;

  private final FailingService failing = new FailingService();
  private Server server;
  private ManagedChannel channel;

  /** Fails so many calls, and notes the deadlines of all. */
  private static final class FailingService implements SchedulerServiceGrpc.AsyncService {
    private final AtomicInteger calls = new AtomicInteger();
    private final List<Boolean> deadlines = new CopyOnWriteArrayList<>();
    private volatile int failures;
    private volatile Status failure = Status.UNAVAILABLE;

    private <T> void answer(StreamObserver<T> caller, T answer) {
      Deadline deadline = Context.current().getDeadline();
      deadlines.add(
          deadline != null && deadline.timeRemaining(TimeUnit.SECONDS) <= TIMEOUT_SECONDS);
      if (calls.incrementAndGet() <= failures) {
        caller.onError(failure.asException());
      } else {
        caller.onNext(answer);
        caller.onCompleted();
      }
    }

    @Override
    public void schedule(ScheduleRequest request, StreamObserver<ScheduleResponse> caller) {
      answer(caller, ScheduleResponse.getDefaultInstance());
    }

    @Override
    public void getJob(GetJobRequest request, StreamObserver<GetJobResponse> caller) {
      answer(caller, GetJobResponse.getDefaultInstance());
    }

    @Override
    public void watchDue(WatchDueRequest request, StreamObserver<WatchDueResponse> caller) {
      answer(caller, WatchDueResponse.getDefaultInstance());
    }
  }

  @BeforeEach
  @SuppressWarnings("unchecked")
  void start() throws IOException {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server =
        NettyServerBuilder.forAddress(anyPort)
            .addService(SchedulerServiceGrpc.bindService(failing))
            .build()
            .start();
    String text = Files.readString(CONFIG);
    assertThat(text).contains(TIMEOUT);
    String patient = text.replace(TIMEOUT, TIMEOUT.replace("10s", TIMEOUT_SECONDS + "s"));
    Map<String, ?> config = new Gson().fromJson(patient, Map.class);
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
            .defaultServiceConfig(config)
            .usePlaintext()
            .build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  @Test
  void unavailableIsRepeatedUnderOneDeadline() {
    failing.failures = 2;
    assertThat(calls().schedule(ScheduleRequest.getDefaultInstance())).isNotNull();
    assertThat(failing.deadlines).containsExactly(true, true, true);
  }

  @Test
  void nothingElseIsRepeated() {
    failing.failures = 1;
    failing.failure = Status.DEADLINE_EXCEEDED;
    assertThatThrownBy(() -> calls().getJob(GetJobRequest.getDefaultInstance()))
        .hasMessageContaining("DEADLINE_EXCEEDED");
    assertThat(failing.calls).hasValue(1);
  }

  @Test
  void aWatchIsRepeatedUntilItBeginsAndHasNoDeadline() {
    failing.failures = 1;
    assertThat(calls().watchDue(WatchDueRequest.getDefaultInstance()).hasNext()).isTrue();
    assertThat(failing.deadlines).containsExactly(false, false);
  }

  private SchedulerServiceBlockingStub calls() {
    return SchedulerServiceGrpc.newBlockingStub(channel);
  }
}
