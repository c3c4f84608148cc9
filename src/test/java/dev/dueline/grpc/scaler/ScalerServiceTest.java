package dev.dueline.grpc.scaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.rpc.Code;
import dev.dueline.access.Credentials;
import dev.dueline.access.Permission;
import dev.dueline.access.Principal;
import dev.dueline.access.QueuePatterns;
import dev.dueline.grpc.Rejection;
import dev.dueline.grpc.ThreadLoop;
import dev.dueline.grpc.call.AccessControl;
import dev.dueline.grpc.call.MessageCredentials;
import dev.dueline.grpc.call.Standstill;
import dev.dueline.grpc.connection.EndReason;
import dev.dueline.grpc.connection.TestConnections;
import dev.dueline.grpc.failure.FailureDetails;
import dev.dueline.grpc.message.ScalerMetadata;
import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.operation.TestStore;
import dev.dueline.operation.scaling.ActivityWatches;
import dev.dueline.operation.scaling.Workloads;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.queue.QueueLayout;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sh.keda.externalscaler.ExternalScalerGrpc;
import sh.keda.externalscaler.ExternalScalerGrpc.ExternalScalerBlockingStub;
import sh.keda.externalscaler.GetMetricsRequest;
import sh.keda.externalscaler.MetricSpec;
import sh.keda.externalscaler.MetricValue;
import sh.keda.externalscaler.ScaledObjectRef;

/** Who may ask, and what is understood, over a real channel. */
class ScalerServiceTest {
  private static final String TOKEN = "good";
  private static final Principal KEDA = may(Permission.READ);

  private final TestStore store = new TestStore(1);
  private final ThreadLoop loop = new ThreadLoop();
  private final TestConnections connections = new TestConnections();
  private Optional<Principal> byHeaders = Optional.empty();
  private Server server;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws IOException {
    Workloads workloads = new Workloads(store, store.operations, loop);
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .addTransportFilter(connections.filter())
            .addService(
                ServerInterceptors.interceptForward(
                    new ScalerService(workloads, new ActivityWatches(workloads, loop))
                        .bindService(),
                    new FailureDetails(),
                    new MessageCredentials(
                        new AccessControl(this::authenticate, new Standstill()),
                        ScalerMetadata::token)))
            .build()
            .start();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
    loop.close();
  }

  private Optional<Principal> authenticate(Credentials credentials) {
    if (credentials.bearer() == null) {
      return byHeaders;
    }
    return TOKEN.equals(credentials.bearer()) ? Optional.of(KEDA) : Optional.empty();
  }

  private static Principal may(Permission permission) {
    return may(permission, 0);
  }

  private static Principal may(Permission permission, int watchers) {
    return new Principal(
        "keda", Map.of(permission, QueuePatterns.of(List.of("own-*"))), watchers, 0);
  }

  @Test
  void theTokenOfTheMetadataLetsAllCallsIn() {
    ScaledObjectRef object = object(Map.of());
    assertThat(stub().isActive(object).getResult()).isFalse();
    assertThat(stub().streamIsActive(object).next().getResult()).isFalse();
    assertThat(stub().getMetricSpec(object).getMetricSpecs(0).getTargetSize()).isEqualTo(10);
    assertThat(stub().getMetrics(metrics(object)).getMetricValues(0).getMetricValue()).isZero();
    assertThat(Rejection.of(() -> stub().streamMetricSpec(object).hasNext()).code())
        .as("KEDA does without it")
        .isEqualTo(Code.UNIMPLEMENTED);
  }

  @Test
  void theJobsOfTheQueueAreTheMetricAndTheTriggerSaysWhatAWorkerIsFor() {
    for (String id : List.of("a", "b", "c")) {
      schedule(id);
    }
    ScaledObjectRef object = object(Map.of("jobsPerReplica", "7"));
    assertThat(stub().isActive(object).getResult()).isTrue();
    MetricValue value = stub().getMetrics(metrics(object)).getMetricValues(0);
    assertThat(value.getMetricValue()).isEqualTo(3);
    assertThat(value.getMetricValueFloat()).isEqualTo(3);
    MetricSpec spec = stub().getMetricSpec(object).getMetricSpecs(0);
    assertThat(spec.getTargetSize()).isEqualTo(7);
    assertThat(spec.getTargetSizeFloat()).isEqualTo(7);
  }

  private void schedule(String id) {
    NewJob job = NewJob.of(new JobId(id), new Due.After(0), new byte[0]);
    QueueLayout layout = store.layout(new QueueName("own-queue")).await().indefinitely();
    store
        .jobs
        .schedule(layout.shardOf(job.id()), List.of(new ScheduleItem(job, ConflictPolicy.REJECT)))
        .await()
        .indefinitely();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "bad"})
  void otherTokensLetNoneIn(String token) {
    ScaledObjectRef object = object(Map.of("tokenFromEnv", token));
    assertThat(Rejection.of(() -> stub().isActive(object)).reason()).isEqualTo("UNAUTHENTICATED");
    assertThat(Rejection.of(() -> stub().streamIsActive(object).next()).reason())
        .isEqualTo("UNAUTHENTICATED");
    assertThat(Rejection.of(() -> stub().getMetricSpec(object)).reason())
        .isEqualTo("UNAUTHENTICATED");
    assertThat(Rejection.of(() -> stub().getMetrics(metrics(object))).reason())
        .isEqualTo("UNAUTHENTICATED");
  }

  @Test
  void badTokensDoNotEndAConnectionThatHasAGoodOne() {
    assertThat(stub().isActive(object(Map.of())).getResult()).isFalse();
    failMoreOftenThanAnAddressMay(object(Map.of("tokenFromEnv", "bad")));
    assertThat(stub().isActive(object(Map.of())).getResult()).isFalse();
    assertThat(connections.ended).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void badTokensAndMessagesEndTheConnectionOfAStranger(boolean isReadable) {
    Map<String, String> bad = isReadable ? Map.of("tokenFromEnv", "bad") : tooMany();
    failMoreOftenThanAnAddressMay(object(bad));
    // Each failure counts before the next call is read, whose token is not looked at then.
    assertThat(Rejection.of(() -> stub().isActive(object(Map.of()))).code())
        .isEqualTo(Code.UNAVAILABLE);
    assertThat(connections.ended).containsExactly(EndReason.FAILED_AUTHENTICATIONS);
  }

  private void failMoreOftenThanAnAddressMay(ScaledObjectRef bad) {
    for (int i = 0; i <= TestConnections.FAILURES; i++) {
      assertThat(Rejection.of(() -> stub().isActive(bad)).code())
          .isIn(Code.UNAUTHENTICATED, Code.INVALID_ARGUMENT);
    }
  }

  @Test
  void aHeaderDecidesBeforeTheMetadata() {
    ScaledObjectRef good = object(Map.of());
    ScaledObjectRef bad = object(Map.of("tokenFromEnv", "bad"));
    assertThat(bearer(TOKEN).isActive(bad).getResult()).isFalse();
    assertThat(Rejection.of(() -> bearer("bad").isActive(good)).reason())
        .isEqualTo("UNAUTHENTICATED");
  }

  @Test
  void aCertificateNeedsNoTokenAndItsPermissionsHold() {
    byHeaders = Optional.of(KEDA);
    assertThat(stub().isActive(object(Map.of("tokenFromEnv", "bad"))).getResult()).isFalse();
    byHeaders = Optional.of(may(Permission.WATCH));
    assertThat(Rejection.of(() -> stub().isActive(object(Map.of()))).reason())
        .isEqualTo("PERMISSION_DENIED");
  }

  @Test
  void aStreamIsAWatcherOfItsPrincipal() {
    byHeaders = Optional.of(may(Permission.READ, 1));
    ScaledObjectRef object = object(Map.of());
    Context.CancellableContext first = Context.current().withCancellation();
    first.run(() -> assertThat(stub().streamIsActive(object).next().getResult()).isFalse());
    assertThat(Rejection.of(() -> stub().streamIsActive(object).next()).reason())
        .isEqualTo("TOO_MANY_WATCHERS");
    assertThat(stub().isActive(object).getResult()).isFalse();
    first.cancel(null);
    await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptions()
        .until(() -> !stub().streamIsActive(object).next().getResult());
  }

  @Test
  void queuesOfOthersAreRefused() {
    ScaledObjectRef other = object(Map.of("queue", "other"));
    for (Rejection refused :
        List.of(
            Rejection.of(() -> stub().isActive(other)),
            Rejection.of(() -> stub().streamIsActive(other).next()),
            Rejection.of(() -> stub().getMetricSpec(other)),
            Rejection.of(() -> stub().getMetrics(metrics(other))))) {
      assertThat(refused.reason()).isEqualTo("PERMISSION_DENIED");
      assertThat(refused.info().getMetadataMap())
          .containsEntry("permission", "read")
          .containsEntry("queue", "other");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "queue, 'no queue'",
    "lookahead, 60",
    "lookahead, 25h",
    "lookahead, -1s",
    "jobsPerReplica, 0",
    "jobsPerReplica, 1.5",
    "jobsPerReplica, 1000001"
  })
  void metadataThatCannotBeMeantIsNamed(String key, String value) {
    ScaledObjectRef object = object(Map.of(key, value));
    assertThat(Rejection.of(() -> stub().isActive(object)).fields())
        .containsExactly("scalerMetadata[" + key + "]");
    assertThat(Rejection.of(() -> stub().streamIsActive(object).next()).fields())
        .containsExactly("scalerMetadata[" + key + "]");
  }

  @Test
  void metadataHaveBounds() {
    assertThat(Rejection.of(() -> stub().isActive(object(tooMany()))).fields())
        .containsExactly("scalerMetadata");
    ScaledObjectRef large = object(Map.of("other", "x".repeat(16 << 10)));
    assertThat(Rejection.of(() -> stub().isActive(large)).reason()).isEqualTo("UNREADABLE_REQUEST");
  }

  private static Map<String, String> tooMany() {
    return IntStream.range(0, 65).boxed().collect(Collectors.toMap(i -> "key-" + i, i -> ""));
  }

  private static ScaledObjectRef object(Map<String, String> metadata) {
    return ScaledObjectRef.newBuilder()
        .setName("worker")
        .setNamespace("mail")
        .putScalerMetadata("scalerAddress", "dueline:9000")
        .putScalerMetadata("queue", "own-queue")
        .putScalerMetadata("tokenFromEnv", TOKEN)
        .putAllScalerMetadata(metadata)
        .build();
  }

  private static GetMetricsRequest metrics(ScaledObjectRef object) {
    return GetMetricsRequest.newBuilder()
        .setScaledObjectRef(object)
        .setMetricName("dueline-jobs")
        .build();
  }

  private ExternalScalerBlockingStub stub() {
    return ExternalScalerGrpc.newBlockingStub(channel);
  }

  private ExternalScalerBlockingStub bearer(String token) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    return stub().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }
}
