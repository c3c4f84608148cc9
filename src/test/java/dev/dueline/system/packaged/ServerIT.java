package dev.dueline.system.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.dueline.system.process.ManagementPage;
import dev.dueline.system.process.Readiness;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.ScheduleRequest;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the packaged service has beside its own calls, and what packaging could lose. */
class ServerIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private static ServiceProcess service;

  @BeforeAll
  static void start(@TempDir Path data) {
    service = ServiceProcess.start("dueline.embedded.data-dir=" + data);
  }

  @AfterAll
  static void stop() {
    assertThat(service.terminate()).as(service.log()).isIn(0, 143);
  }

  @Test
  void aBadRequestNamesItsViolations() throws InvalidProtocolBufferException {
    ScheduleRequest request = ScheduleRequest.newBuilder().setQueue("").setJobId("\n").build();
    StatusRuntimeException refused =
        Assertions.catchThrowableOfType(
            StatusRuntimeException.class, () -> service.calls().schedule(request));
    Status status = StatusProto.fromThrowable(refused);
    ErrorInfo info = detail(status, ErrorInfo.class);
    assertThat(info.getDomain()).isEqualTo("dueline.dev");
    assertThat(detail(status, BadRequest.class).getFieldViolationsCount()).isEqualTo(2);
  }

  private static <T extends com.google.protobuf.Message> T detail(Status status, Class<T> type)
      throws InvalidProtocolBufferException {
    for (Any any : status.getDetailsList()) {
      if (any.is(type)) {
        return any.unpack(type);
      }
    }
    throw new AssertionError("no " + type + " in " + status);
  }

  @Test
  void reflectionTellsTheContract() throws Exception {
    ServerReflectionResponse services =
        reflect(ServerReflectionRequest.newBuilder().setListServices("").build());
    assertThat(services.getListServicesResponse().getServiceList())
        .extracting(ServiceResponse::getName)
        .contains("dueline.v1.SchedulerService", "dueline.v1.QueueService")
        .doesNotContain("dueline.testing.v1.ClockService");
    ServerReflectionResponse files =
        reflect(
            ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol("dueline.v1.SchedulerService")
                .build());
    FileDescriptorProto file =
        FileDescriptorProto.parseFrom(files.getFileDescriptorResponse().getFileDescriptorProto(0));
    assertThat(file.getService(0).getMethodCount()).isGreaterThan(10);
  }

  private static ServerReflectionResponse reflect(ServerReflectionRequest request)
      throws Exception {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> call =
        ServerReflectionGrpc.newStub(service.channel())
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    answer.complete(response);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    answer.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });
    call.onNext(request);
    ServerReflectionResponse response = answer.get(60, TimeUnit.SECONDS);
    call.onCompleted();
    return response;
  }

  @Test
  void healthByGrpcAndByHttpAgree() {
    await("readiness").atMost(TIMEOUT).until(() -> Readiness.of(service).isUp());
    // It fails where it has no answer in its own short time.
    await("the same by gRPC")
        .atMost(TIMEOUT)
        .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
        .until(() -> Readiness.isServing(service));
  }

  /** Strangers may ask, so what cannot be read must cost no more than an answer. */
  @Test
  void healthAnswersBadRequestsAsOtherCallsDo() {
    HealthCheckRequest other = HealthCheckRequest.newBuilder().setService("other").build();
    HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(service.channel());
    assertThatThrownBy(() -> health.check(other)).hasMessageContaining("NOT_FOUND");
    HealthCheckRequest tooLong =
        HealthCheckRequest.newBuilder().setService("x".repeat(10_000)).build();
    assertThatThrownBy(() -> health.check(tooLong)).hasMessageContaining("RESOURCE_EXHAUSTED");
    // A name that is no UTF-8.
    HealthCheckRequest cut =
        HealthCheckRequest.newBuilder()
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(
                        1,
                        Field.newBuilder()
                            .addLengthDelimited(ByteString.copyFrom(new byte[] {-1, -2}))
                            .build())
                    .build())
            .build();
    assertThatThrownBy(() -> health.check(cut)).hasMessageContaining("INVALID_ARGUMENT");
    assertThat(service.log()).doesNotContain("\tat ");
  }

  @Test
  void metricsAreServedByHttp() {
    assertThat(ManagementPage.metrics(service).text())
        .contains("dueline_backstop_found_overdue_total", "dueline_redis_used_memory_bytes");
  }
}
