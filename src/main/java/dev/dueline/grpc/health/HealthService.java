package dev.dueline.grpc.health;

import dev.dueline.grpc.message.BoundedRequests;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code grpc.health.v1}, for anybody. Keeps nothing of a name that is none of ours, unlike
 * grpc-java's and Quarkus's own services. Thread-safe.
 */
@GrpcService
public class HealthService implements HealthGrpc.AsyncService, BindableService {
  private static final HealthCheckResponse UNKNOWN = response(ServingStatus.SERVICE_UNKNOWN);

  // Guarded by this.
  private final Map<String, HealthCheckResponse> statuses = new HashMap<>();
  private final Map<String, Set<ServerCallStreamObserver<HealthCheckResponse>>> watchers =
      new HashMap<>();

  /** Nothing is served yet. */
  HealthService() {
    say(false, "");
  }

  /** Whether calls of a service may be sent; its watchers hear of changes only. */
  public synchronized void say(boolean isServing, String service) {
    HealthCheckResponse now =
        response(isServing ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
    if (!now.equals(statuses.put(service, now))) {
      watchers.getOrDefault(service, Set.of()).forEach(watcher -> tell(watcher, now));
    }
  }

  @Override
  public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> caller) {
    HealthCheckResponse status = status(request.getService());
    if (status == null) {
      caller.onError(
          Status.NOT_FOUND.withDescription("no service here has that name").asException());
    } else {
      caller.onNext(status);
      caller.onCompleted();
    }
  }

  /**
   * Of a name that is none of ours, as the protocol has it, it stays open and is never told more.
   */
  @Override
  public synchronized void watch(
      HealthCheckRequest request, StreamObserver<HealthCheckResponse> caller) {
    var watcher = (ServerCallStreamObserver<HealthCheckResponse>) caller;
    String service = request.getService();
    HealthCheckResponse status = statuses.get(service);
    if (status == null) {
      watcher.setOnCancelHandler(() -> {});
      watcher.onNext(UNKNOWN);
      return;
    }
    watchers.computeIfAbsent(service, known -> new HashSet<>()).add(watcher);
    watcher.setOnCancelHandler(() -> forget(service, watcher));
    watcher.onNext(status);
  }

  @Override
  public ServerServiceDefinition bindService() {
    return BoundedRequests.bounded(HealthGrpc.bindService(this));
  }

  private synchronized @Nullable HealthCheckResponse status(String service) {
    return statuses.get(service);
  }

  private synchronized void forget(
      String service, ServerCallStreamObserver<HealthCheckResponse> watcher) {
    watchers.getOrDefault(service, Set.of()).remove(watcher);
  }

  private static void tell(
      ServerCallStreamObserver<HealthCheckResponse> watcher, HealthCheckResponse status) {
    if (!watcher.isCancelled()) {
      watcher.onNext(status);
    }
  }

  private static HealthCheckResponse response(ServingStatus status) {
    return HealthCheckResponse.newBuilder().setStatus(status).build();
  }
}
