package dev.dueline.grpc.call;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.rpc.Code;
import dev.dueline.access.Permission;
import dev.dueline.access.Principal;
import dev.dueline.access.QueuePatterns;
import dev.dueline.grpc.TestService;
import dev.dueline.job.JobId;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseId;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.v1.BatchScheduleResponse;
import dev.dueline.v1.QueueProto;
import dev.dueline.v1.SchedulerProto;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every call of the contract with every permission, on a queue of the caller's and on another's.
 * The calls come from the contract itself, so that a new one cannot be forgotten.
 */
class PermissionMatrixTest {
  /** A call that is let in may wait for what never comes. */
  private static final Duration GLANCE = Duration.ofMillis(200);

  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final String OWN = "own-queue";
  private static final String OTHER = "other-queue";

  private static volatile Optional<Principal> caller = Optional.empty();
  private static TestService service;
  private static ManagedChannel channel;

  @BeforeAll
  static void start() {
    service = new TestService(new AccessControl(credentials -> caller, new Standstill()));
    channel = service.channel;
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  static List<MethodDescriptor> methods() {
    return Stream.of(SchedulerProto.getDescriptor(), QueueProto.getDescriptor())
        .flatMap(file -> file.getServices().stream())
        .map(ServiceDescriptor::getMethods)
        .flatMap(List::stream)
        .toList();
  }

  static Stream<Arguments> matrix() {
    return methods().stream()
        .flatMap(
            method ->
                Stream.of(Permission.values())
                    .flatMap(
                        permission ->
                            Stream.of(OWN, OTHER)
                                .map(queue -> Arguments.of(method, permission, queue))));
  }

  @Test
  void theTableHasEveryCallOfTheContract() {
    assertThat(methods()).hasSizeGreaterThanOrEqualTo(20);
    for (MethodDescriptor method : methods()) {
      assertThat(RequestRules.of(name(method))).as(name(method)).isNotNull();
    }
  }

  @ParameterizedTest
  @MethodSource("matrix")
  void aCallNeedsItsPermissionForItsQueue(
      MethodDescriptor method, Permission permission, String queue) {
    Permission needed =
        java.util.Objects.requireNonNull(RequestRules.of(name(method))).permission();
    caller =
        Optional.of(
            new Principal("me", Map.of(permission, QueuePatterns.of(List.of("own-*"))), 0, 0));
    boolean namesQueue = !Set.of("ListQueues", "StopWatch").contains(method.getName());
    boolean isEnough =
        permission == needed || needed == Permission.READ && permission == Permission.OPERATE;
    boolean isGranted = isEnough && (queue.equals(OWN) || !namesQueue);
    Code code = call(method, queue, isGranted ? GLANCE : TIMEOUT);
    if (isGranted) {
      assertThat(code).isNotIn(Code.PERMISSION_DENIED, Code.UNAUTHENTICATED);
    } else {
      assertThat(code).isEqualTo(Code.PERMISSION_DENIED);
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void strangersMayDoNothing(MethodDescriptor method) {
    caller = Optional.empty();
    assertThat(call(method, OWN, TIMEOUT)).isEqualTo(Code.UNAUTHENTICATED);
  }

  /** The code of the call, or of the item of a batch that stands for itself. */
  private static Code call(MethodDescriptor method, String queue, Duration timeout) {
    DynamicMessage request = request(method, queue);
    var described =
        io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
            .setType(
                method.isServerStreaming()
                    ? io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING
                    : io.grpc.MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(name(method))
            .setRequestMarshaller(
                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getInputType())))
            .setResponseMarshaller(
                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getOutputType())))
            .build();
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
    try {
      if (method.isServerStreaming()) {
        var unused =
            ClientCalls.blockingServerStreamingCall(channel, described, options, request).hasNext();
        return Code.OK;
      }
      CallOptions patient =
          CallOptions.DEFAULT.withDeadlineAfter(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      DynamicMessage answer = ClientCalls.blockingUnaryCall(channel, described, patient, request);
      return method.getName().equals("BatchSchedule") ? itemCode(answer) : Code.OK;
    } catch (StatusRuntimeException e) {
      return Code.forNumber(e.getStatus().getCode().value());
    }
  }

  private static Code itemCode(DynamicMessage answer) {
    try {
      return Code.forNumber(
          BatchScheduleResponse.parseFrom(answer.toByteString())
              .getResults(0)
              .getError()
              .getCode());
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  /** Fills whatever names a queue. */
  private static DynamicMessage request(MethodDescriptor method, String queue) {
    DynamicMessage.Builder request = DynamicMessage.newBuilder(method.getInputType());
    for (FieldDescriptor field : method.getInputType().getFields()) {
      switch (field.getName()) {
        case "queue" -> request.setField(field, queue);
        case "queues" -> request.addRepeatedField(field, queue);
        case "lease_tokens" -> request.addRepeatedField(field, token(queue));
        case "requests" -> {
          DynamicMessage.Builder item = DynamicMessage.newBuilder(field.getMessageType());
          item.setField(field.getMessageType().findFieldByName("queue"), queue);
          item.setField(field.getMessageType().findFieldByName("job_id"), "id");
          request.addRepeatedField(field, item.build());
        }
        default -> {
          // Says nothing of queues.
        }
      }
    }
    return request.build();
  }

  private static String token(String queue) {
    LeaseId leaseId = new LeaseId(1, 2, 3, 4);
    Shard shard = new Shard(new QueueName(queue), 0);
    return new LeaseToken(shard, new LeaseRef(new JobId("id"), leaseId)).encode();
  }

  private static String name(MethodDescriptor method) {
    return method.getService().getFullName() + "/" + method.getName();
  }
}
