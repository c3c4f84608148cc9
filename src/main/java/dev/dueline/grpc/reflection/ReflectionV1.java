package dev.dueline.grpc.reflection;

import dev.dueline.grpc.message.BoundedRequests;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.quarkus.grpc.GrpcService;
import io.quarkus.grpc.reflection.service.ReflectionServiceV1;
import jakarta.inject.Inject;

/** {@code grpc.reflection.v1}, by which tools learn the contract from the service. */
@GrpcService
public class ReflectionV1 implements BindableService {
  private final ReflectedServices services;

  @Inject
  ReflectionV1(ReflectedServices services) {
    this.services = services;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return BoundedRequests.bounded(new ReflectionServiceV1(services.all()).bindService());
  }
}
