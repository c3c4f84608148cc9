package dev.dueline.grpc;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;

/**
 * {@code grpc.health.v1}, for anybody. grpc-java's own: Quarkus's keeps something for each name
 * that was ever watched, and strangers may send any. Thread-safe.
 */
@GrpcService
public class HealthService implements HealthGrpc.AsyncService, BindableService {
  /** The answer has the name in a header, which clients take up to 8 KiB of. */
  private static final int LONGEST_NAME = 256;

  private final HealthStatusManager statuses = new HealthStatusManager();
  private final HealthGrpc.AsyncService plain =
      (HealthGrpc.AsyncService) statuses.getHealthService();

  /** Nothing is served yet. */
  HealthService() {
    say(false, HealthStatusManager.SERVICE_NAME_ALL_SERVICES);
  }

  /** Whether calls of a service may be sent; its watchers hear of changes only. */
  public void say(boolean isServing, String service) {
    statuses.setStatus(service, isServing ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
  }

  @Override
  public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> caller) {
    if (request.getService().length() > LONGEST_NAME) {
      caller.onError(Status.NOT_FOUND.withDescription("no service has that name").asException());
    } else {
      plain.check(request, caller);
    }
  }

  @Override
  public void watch(HealthCheckRequest request, StreamObserver<HealthCheckResponse> caller) {
    plain.watch(request, caller);
  }

  @Override
  public ServerServiceDefinition bindService() {
    return UnreadableRequests.marked(HealthGrpc.bindService(this));
  }
}
