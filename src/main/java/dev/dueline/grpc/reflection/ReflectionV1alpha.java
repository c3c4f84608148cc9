package dev.dueline.grpc.reflection;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.reflection.v1alpha.ServerReflectionGrpc;
import io.quarkus.grpc.GrpcService;
import jakarta.inject.Inject;

/** {@code grpc.reflection.v1alpha}, for older tools. */
@GrpcService
public class ReflectionV1alpha implements BindableService {
  private final Reflection reflection;

  @Inject
  ReflectionV1alpha(Reflection reflection) {
    this.reflection = reflection;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return reflection.bind(ServerReflectionGrpc.SERVICE_NAME);
  }
}
