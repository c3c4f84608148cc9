package dev.dueline.grpc.reflection;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.dueline.v1.QueueServiceGrpc;
import dev.dueline.v1.SchedulerServiceGrpc;
import io.grpc.Status;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What reflection tells of the contract, and of what travels with it. */
class ReflectionTest {
  private final Reflection reflection =
      new Reflection(
          List.of(
              SchedulerServiceGrpc.bindService(new SchedulerServiceGrpc.AsyncService() {}),
              QueueServiceGrpc.bindService(new QueueServiceGrpc.AsyncService() {})));

  @ParameterizedTest
  @CsvSource({
    "dueline.v1.SchedulerService, dueline/v1/scheduler.proto",
    "dueline.v1.SchedulerService.WatchDue, dueline/v1/scheduler.proto",
    "dueline.v1.JobState, dueline/v1/scheduler.proto",
    "dueline.v1.PurgeState, dueline/v1/queue.proto",
    "dueline.v1.ScheduleRequest.AttributesEntry, dueline/v1/scheduler.proto",
    "google.rpc.Status, google/rpc/status.proto",
    "google.rpc.ErrorInfo, google/rpc/error_details.proto",
    "google.rpc.BadRequest.FieldViolation, google/rpc/error_details.proto",
    "google.protobuf.Duration, google/protobuf/duration.proto",
    "google.protobuf.FieldMask, google/protobuf/field_mask.proto",
    "google.protobuf.Any, google/protobuf/any.proto",
  })
  void tellsTheFileOfASymbol(String symbol, String file) throws Exception {
    assertThat(
            files(ServerReflectionRequest.newBuilder().setFileContainingSymbol(symbol).build())
                .get(0))
        .isEqualTo(file);
  }

  @Test
  void aFileComesWithWhatItImports() throws Exception {
    assertThat(
            files(
                ServerReflectionRequest.newBuilder()
                    .setFileByFilename("dueline/v1/queue.proto")
                    .build()))
        .containsExactly(
            "dueline/v1/queue.proto",
            "dueline/v1/scheduler.proto",
            "google/protobuf/duration.proto",
            "google/protobuf/field_mask.proto",
            "google/protobuf/timestamp.proto");
  }

  @Test
  void listsServices() {
    ServerReflectionRequest list = ServerReflectionRequest.newBuilder().setListServices("").build();
    assertThat(reflection.answer(list).getListServicesResponse().getServiceList())
        .extracting(ServiceResponse::getName)
        .containsExactly("dueline.v1.SchedulerService", "dueline.v1.QueueService");
  }

  @Test
  void thereAreNoExtensions() {
    ServerReflectionResponse none =
        reflection.answer(
            ServerReflectionRequest.newBuilder()
                .setAllExtensionNumbersOfType("dueline.v1.Job")
                .build());
    assertThat(none.getAllExtensionNumbersResponse().getBaseTypeName()).isEqualTo("dueline.v1.Job");
    assertThat(none.getAllExtensionNumbersResponse().getExtensionNumberCount()).isZero();
  }

  @Test
  void whatIsNotThereIsNotFound() {
    ServerReflectionRequest.Builder request = ServerReflectionRequest.newBuilder().setHost("here");
    assertThat(
            List.of(
                request.setFileContainingSymbol("dueline.v1.Nothing").build(),
                request.setFileByFilename("nothing.proto").build(),
                request.setAllExtensionNumbersOfType("dueline.v1.JobState").build()))
        .allSatisfy(
            question -> {
              ServerReflectionResponse answer = reflection.answer(question);
              assertThat(answer.getOriginalRequest()).isEqualTo(question);
              assertThat(answer.getValidHost()).isEqualTo("here");
              assertThat(answer.getErrorResponse().getErrorCode())
                  .isEqualTo(Status.Code.NOT_FOUND.value());
            });
    assertThat(reflection.answer(request.clearMessageRequest().build()).hasErrorResponse())
        .isTrue();
  }

  private List<String> files(ServerReflectionRequest request)
      throws InvalidProtocolBufferException {
    ServerReflectionResponse answer = reflection.answer(request);
    List<String> names = new ArrayList<>();
    for (ByteString file : answer.getFileDescriptorResponse().getFileDescriptorProtoList()) {
      names.add(FileDescriptorProto.parseFrom(file).getName());
    }
    return names;
  }
}
