package dev.dueline.grpc.reflection;

import dev.dueline.grpc.message.BoundedRequests;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.quarkus.grpc.GrpcService;
import io.quarkus.grpc.reflection.service.ReflectionServiceV1alpha;
import jakarta.inject.Inject;

/** {@code grpc.reflection.v1alpha}, for older tools. */
@GrpcService
public class ReflectionV1alpha implements BindableService {
  private final ReflectedServices services;

  @Inject
  ReflectionV1alpha(ReflectedServices services) {
    this.services = services;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return BoundedRequests.bounded(new ReflectionServiceV1alpha(services.all()).bindService());
  }
}
