package dev.dueline.grpc.reflection;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.rpc.ErrorDetailsProto;
import com.google.rpc.StatusProto;
import dev.dueline.grpc.health.HealthService;
import dev.dueline.grpc.message.BoundedRequests;
import dev.dueline.grpc.queue.QueueService;
import dev.dueline.grpc.scheduler.SchedulerService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import io.grpc.reflection.v1.ErrorResponse;
import io.grpc.reflection.v1.ExtensionNumberResponse;
import io.grpc.reflection.v1.FileDescriptorResponse;
import io.grpc.reflection.v1.ListServiceResponse;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.ServerCalls;
import io.quarkus.grpc.GrpcService;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What reflection tells: the services, their types, and those of details of errors, which come as
 * {@code Any} and are named nowhere in the contract.
 */
@Singleton
final class Reflection {
  private final DescriptorIndex index;
  private final ListServiceResponse services;

  @Inject
  Reflection(
      @GrpcService SchedulerService scheduler,
      @GrpcService QueueService queues,
      @GrpcService HealthService health) {
    this(List.of(scheduler.bindService(), queues.bindService(), health.bindService()));
  }

  Reflection(List<ServerServiceDefinition> definitions) {
    List<FileDescriptor> files = new ArrayList<>();
    ListServiceResponse.Builder names = ListServiceResponse.newBuilder();
    for (ServerServiceDefinition definition : definitions) {
      ServiceDescriptor service = definition.getServiceDescriptor();
      names.addService(ServiceResponse.newBuilder().setName(service.getName()));
      if (service.getSchemaDescriptor() instanceof ProtoFileDescriptorSupplier schema) {
        files.add(schema.getFileDescriptor());
      }
    }
    files.add(StatusProto.getDescriptor());
    files.add(ErrorDetailsProto.getDescriptor());
    this.index = new DescriptorIndex(files);
    this.services = names.build();
  }

  /** The service of a version: those that there are differ in their names alone. */
  ServerServiceDefinition bind(String service) {
    MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> plain =
        ServerReflectionGrpc.getServerReflectionInfoMethod();
    String name = String.valueOf(plain.getBareMethodName());
    MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> method =
        plain.toBuilder()
            .setFullMethodName(MethodDescriptor.generateFullMethodName(service, name))
            .build();
    return BoundedRequests.bounded(
        ServerServiceDefinition.builder(service)
            .addMethod(
                method,
                ServerCalls.asyncBidiStreamingCall(call -> ReflectionCall.open(call, this::answer)))
            .build());
  }

  ServerReflectionResponse answer(ServerReflectionRequest request) {
    ServerReflectionResponse.Builder answer =
        ServerReflectionResponse.newBuilder()
            .setValidHost(request.getHost())
            .setOriginalRequest(request);
    switch (request.getMessageRequestCase()) {
      case FILE_BY_FILENAME -> tell(answer, index.file(request.getFileByFilename()));
      case FILE_CONTAINING_SYMBOL ->
          tell(answer, index.definition(request.getFileContainingSymbol()));
      case ALL_EXTENSION_NUMBERS_OF_TYPE ->
          tellNumbers(answer, request.getAllExtensionNumbersOfType());
      case LIST_SERVICES -> answer.setListServicesResponse(services);
      case FILE_CONTAINING_EXTENSION -> refuse(answer, Status.Code.NOT_FOUND, "no extensions");
      case MESSAGEREQUEST_NOT_SET ->
          refuse(answer, Status.Code.INVALID_ARGUMENT, "message_request is not set");
    }
    return answer.build();
  }

  /** A file comes with its imports, so that no tool has to ask for each. */
  private static void tell(ServerReflectionResponse.Builder answer, @Nullable FileDescriptor file) {
    if (file == null) {
      refuse(answer, Status.Code.NOT_FOUND, "not known here");
      return;
    }
    FileDescriptorResponse.Builder files = FileDescriptorResponse.newBuilder();
    DescriptorIndex.withImports(List.of(file))
        .forEach(each -> files.addFileDescriptorProto(each.toProto().toByteString()));
    answer.setFileDescriptorResponse(files);
  }

  /** None: the contract is of proto3, which has no extensions but those of options. */
  private void tellNumbers(ServerReflectionResponse.Builder answer, String type) {
    if (index.hasMessage(type)) {
      answer.setAllExtensionNumbersResponse(
          ExtensionNumberResponse.newBuilder().setBaseTypeName(type));
    } else {
      refuse(answer, Status.Code.NOT_FOUND, "not known here");
    }
  }

  private static void refuse(
      ServerReflectionResponse.Builder answer, Status.Code code, String message) {
    answer.setErrorResponse(
        ErrorResponse.newBuilder().setErrorCode(code.value()).setErrorMessage(message));
  }
}
