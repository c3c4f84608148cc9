package dev.dueline.system.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import dev.dueline.system.abuse.wire.Counts;
import dev.dueline.system.abuse.wire.HeaderBlock;
import dev.dueline.system.abuse.wire.Messages;
import dev.dueline.system.abuse.wire.RawHttp2;
import dev.dueline.system.process.RepeatedCalls;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.system.security.callers.Tokens;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.CancelOutcome;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.PullDueResponse;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.SchedulerServiceGrpc.SchedulerServiceBlockingStub;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.keda.externalscaler.ExternalScalerGrpc;
import sh.keda.externalscaler.ExternalScalerGrpc.ExternalScalerBlockingStub;
import sh.keda.externalscaler.GetMetricsRequest;
import sh.keda.externalscaler.IsActiveResponse;
import sh.keda.externalscaler.ScaledObjectRef;

/** A client that speaks KEDA's contract scales a worker from zero and back. */
class ScalerIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String KEDA = Tokens.random();
  private static final String WORKER = Tokens.random();

  /** Long, so that no machine is too slow for the job to be ahead. */
  private static final String LOOKAHEAD = "10m";

  private static ServiceProcess service;

  @BeforeAll
  static void start(@TempDir Path data) {
    service =
        ServiceProcess.start(
            "dueline.embedded.data-dir=" + data,
            "dueline.store.timeout=30s",
            "dueline.keda.enabled=true",
            principal("keda", "token-sha256", Tokens.hash(KEDA)),
            principal("keda", "read", "mail"),
            principal("worker", "token-sha256", Tokens.hash(WORKER)),
            principal("worker", "schedule", "mail"),
            principal("worker", "watch", "mail"));
  }

  @AfterAll
  static void stop() {
    assertThat(service.terminate()).as(service.log()).isIn(0, 143);
  }

  private static String principal(String name, String key, String value) {
    return "dueline.security.principals.\"" + name + "\"." + key + "=" + value;
  }

  @Test
  void aWorkerIsScaledFromZeroIsHeldWhileItHasAJobAndGoesBackToZero() {
    Recorder stream = new Recorder();
    ExternalScalerGrpc.newStub(service.channel()).streamIsActive(object(), stream);
    stream.awaitTold(false);

    schedule("ahead", 300);
    stream.awaitTold(false, true);
    await().atMost(TIMEOUT).until(() -> metric() == 1);
    schedule("due", 0);
    PullDueResponse pulled =
        worker()
            .pullDue(
                PullDueRequest.newBuilder()
                    .addQueues("mail")
                    .setMaxJobs(1)
                    .setWaitTime(Durations.fromSeconds(30))
                    .setLeaseDuration(Durations.fromSeconds(600))
                    .build());
    await().atMost(TIMEOUT).until(() -> metric() == 2);
    var canceled =
        worker().cancel(CancelRequest.newBuilder().setQueue("mail").setJobId("ahead").build());
    assertThat(canceled.getOutcome()).isEqualTo(CancelOutcome.CANCEL_OUTCOME_CANCELED);
    await().atMost(TIMEOUT).until(() -> metric() == 1);
    assertThat(keda().isActive(object()).getResult()).as("a worker has a job").isTrue();
    stream.awaitTold(false, true);

    var acked =
        worker()
            .ack(AckRequest.newBuilder().addLeaseTokens(pulled.getJobs(0).getLeaseToken()).build());
    assertThat(acked.getOutcomesCount()).isEqualTo(1);
    stream.awaitTold(false, true, false);
    await().atMost(TIMEOUT).until(() -> metric() == 0);
    assertThat(stream.failures).isEmpty();
  }

  @Test
  void strangersAreRefusedAndTheirLargeMessageIsNotTaken() throws Exception {
    ScaledObjectRef bad =
        object().toBuilder().putScalerMetadata("tokenFromEnv", Tokens.random()).build();
    assertThat(
            catchThrowableOfType(StatusRuntimeException.class, () -> keda().isActive(bad))
                .getStatus()
                .getCode())
        .isEqualTo(Status.Code.UNAUTHENTICATED);
    byte[] message = Messages.of(new byte[Messages.LARGEST]);
    try (RawHttp2 connection =
        RawHttp2.open(InetAddress.getByName("127.0.2.1"), service.port(), Set.of(), new Counts())) {
      int stream =
          connection.begin(HeaderBlock.call("/externalscaler.ExternalScaler/IsActive", ""));
      int sent = connection.data(stream, message, true);
      assertThat(connection.outcome(stream, TIMEOUT)).isNotEmpty().isNotEqualTo("OK");
      assertThat(sent).as("bytes that were taken").isLessThan(message.length);
    }
  }

  /** What a stream told. */
  private static final class Recorder implements StreamObserver<IsActiveResponse> {
    private final List<Boolean> told = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    @Override
    public void onNext(IsActiveResponse response) {
      told.add(response.getResult());
    }

    @Override
    public void onError(Throwable failure) {
      failures.add(failure);
    }

    @Override
    public void onCompleted() {
      failures.add(new AssertionError("the stream ended"));
    }

    void awaitTold(Boolean... expected) {
      await()
          .atMost(TIMEOUT)
          .untilAsserted(() -> assertThat(told).as("%s", failures).containsExactly(expected));
    }
  }

  private static double metric() {
    return keda()
        .getMetrics(GetMetricsRequest.newBuilder().setScaledObjectRef(object()).build())
        .getMetricValues(0)
        .getMetricValueFloat();
  }

  private static ScaledObjectRef object() {
    return ScaledObjectRef.newBuilder()
        .setName("mailer")
        .setNamespace("mail")
        .putScalerMetadata("scalerAddress", "dueline:9000")
        .putScalerMetadata("queue", "mail")
        .putScalerMetadata("lookahead", LOOKAHEAD)
        .putScalerMetadata("tokenFromEnv", KEDA)
        .build();
  }

  private static ExternalScalerBlockingStub keda() {
    return ExternalScalerGrpc.newBlockingStub(service.channel());
  }

  private static SchedulerServiceBlockingStub worker() {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + WORKER);
    return SchedulerServiceGrpc.newBlockingStub(service.channel())
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers), new RepeatedCalls())
        .withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  private static void schedule(String id, int delaySeconds) {
    var stored =
        worker()
            .schedule(
                ScheduleRequest.newBuilder()
                    .setQueue("mail")
                    .setJobId(id)
                    .setDelay(Durations.fromSeconds(delaySeconds))
                    .build());
    assertThat(stored.getJobId()).isEqualTo(id);
  }
}
