package dev.dueline.grpc.reflection;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.quarkus.grpc.GrpcService;
import jakarta.inject.Inject;

/** {@code grpc.reflection.v1}, by which tools learn the contract from the service. */
@GrpcService
public class ReflectionV1 implements BindableService {
  private final Reflection reflection;

  @Inject
  ReflectionV1(Reflection reflection) {
    this.reflection = reflection;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return reflection.bind(ServerReflectionGrpc.SERVICE_NAME);
  }
}
