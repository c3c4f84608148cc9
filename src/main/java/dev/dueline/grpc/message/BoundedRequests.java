package dev.dueline.grpc.message;

import dev.dueline.grpc.failure.Failure;
import dev.dueline.grpc.failure.GrpcFailures;
import dev.dueline.grpc.failure.Reason;
import dev.dueline.store.queue.QueueStore;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.health.v1.HealthGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sh.keda.externalscaler.ExternalScalerGrpc;

/** How large requests may be, and what callers are told whose requests are not read for it. */
public final class BoundedRequests {
  /** Of a list of lease tokens or ids of dead jobs, as the contract says. */
  public static final int MAX_ITEMS = 1_000;

  /** Of a mask: the fields of the largest message that has one, and some twice. */
  private static final int MAX_PATHS = 16;

  /** One stream for each shard, as GetQueue tells them; they count for nothing in a request. */
  private static final int MAX_STREAM_KEYS = 65_536;

  /** A name of a service. */
  private static final int MAX_HEALTH_BYTES = 512;

  /** A name of a symbol or file. */
  private static final int MAX_REFLECTION_BYTES = 4 << 10;

  /** The metadata of a trigger, a token of some KiB among them. */
  private static final int MAX_SCALER_BYTES = 16 << 10;

  /** Entries of the metadata of a trigger. */
  private static final int MAX_METADATA = 64;

  private static final String SCALER = ExternalScalerGrpc.SERVICE_NAME + "/";
  private static final String HEALTH = HealthGrpc.SERVICE_NAME + "/";
  private static final String REFLECTION = "grpc.reflection.";

  private BoundedRequests() {}

  /** Whether a method may be called without credentials. */
  public static boolean isAnonymous(String fullMethodName) {
    return fullMethodName.startsWith(HEALTH);
  }

  /** Whether the requests of a method may say themselves who makes the call. */
  public static boolean mayHaveCredentials(String fullMethodName) {
    return fullMethodName.startsWith(SCALER);
  }

  /** Whether a method tells of the contract, which every caller that is known may read. */
  public static boolean isReflection(String fullMethodName) {
    return fullMethodName.startsWith(REFLECTION);
  }

  /**
   * Most bytes of a request of a method; where that is more than gRPC takes of any, gRPC's holds.
   */
  public static int maxBytes(String fullMethodName) {
    if (isAnonymous(fullMethodName)) {
      return MAX_HEALTH_BYTES;
    }
    if (mayHaveCredentials(fullMethodName)) {
      return MAX_SCALER_BYTES;
    }
    return isReflection(fullMethodName) ? MAX_REFLECTION_BYTES : Integer.MAX_VALUE - 1;
  }

  /** The same service, whose requests have no lists. */
  public static ServerServiceDefinition bounded(ServerServiceDefinition service) {
    return bounded(service, Map.of());
  }

  /** The same service of KEDA's contract, whose metadata has bounds. */
  public static ServerServiceDefinition boundedScaler(ServerServiceDefinition service) {
    return bounded(service, Map.of("externalscaler.ScaledObjectRef.scalerMetadata", MAX_METADATA));
  }

  /** The same service of the contract, whose lists have bounds. */
  public static ServerServiceDefinition bounded(
      ServerServiceDefinition service, RequestLimits limits) {
    return bounded(
        service,
        Map.ofEntries(
            Map.entry("dueline.v1.ScheduleRequest.attributes", limits.maxAttributes()),
            Map.entry("dueline.v1.BatchScheduleRequest.requests", limits.maxBatch()),
            Map.entry("dueline.v1.BatchCancelRequest.requests", limits.maxBatch()),
            Map.entry("dueline.v1.WatchDueRequest.queues", limits.maxQueues()),
            Map.entry("dueline.v1.PullDueRequest.queues", limits.maxQueues()),
            Map.entry("dueline.v1.AckRequest.lease_tokens", MAX_ITEMS),
            Map.entry("dueline.v1.NackRequest.lease_tokens", MAX_ITEMS),
            Map.entry("dueline.v1.ExtendLeaseRequest.lease_tokens", MAX_ITEMS),
            Map.entry("dueline.v1.RedriveDeadJobsRequest.job_ids", MAX_ITEMS),
            Map.entry("dueline.v1.CountJobsRequest.boundaries", QueueStore.MAX_BOUNDARIES),
            Map.entry("google.protobuf.FieldMask.paths", MAX_PATHS),
            Map.entry("dueline.v1.StreamDelivery.stream_keys", MAX_STREAM_KEYS)));
  }

  private static ServerServiceDefinition bounded(
      ServerServiceDefinition service, Map<String, Integer> lists) {
    List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
    service.getMethods().forEach(method -> methods.add(bounded(method, lists)));
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(service.getServiceDescriptor().getName())
            .setSchemaDescriptor(service.getServiceDescriptor().getSchemaDescriptor());
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder bounded = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(bounded::addMethod);
    return bounded.build();
  }

  private static <Q, R> ServerMethodDefinition<Q, R> bounded(
      ServerMethodDefinition<Q, R> method, Map<String, Integer> lists) {
    MethodDescriptor<Q, R> plain = method.getMethodDescriptor();
    BoundedMarshaller<Q> requests =
        new BoundedMarshaller<>(plain, lists, maxBytes(plain.getFullMethodName()));
    return ServerMethodDefinition.create(
        plain.toBuilder(requests, plain.getResponseMarshaller()).build(),
        method.getServerCallHandler());
  }

  /** Why a request of a call was not read; null: it was. */
  public static @Nullable Failure failure(ServerCall<?, ?> call, Object request) {
    Refusal refusal =
        call.getMethodDescriptor().getRequestMarshaller() instanceof BoundedMarshaller<?> bounded
            ? bounded.refusal(request)
            : null;
    if (refusal == null) {
      return null;
    }
    String field = refusal.field();
    if (field == null) {
      return Failure.of(
          Reason.UNREADABLE_REQUEST,
          "The request is not a protobuf message of this method's type, has text that is not"
              + " UTF-8, or is larger than the method takes.");
    }
    FieldChecks fields = new FieldChecks();
    fields.require(false, field, "must occur at most " + refusal.most() + " times");
    return GrpcFailures.of(fields.exception());
  }

  /** A listener that lets readable requests through, and ends the call at the first other. */
  public static <Q> ServerCall.Listener<Q> refusing(
      ServerCall<Q, ?> call, ServerCall.Listener<Q> listener) {
    return new SimpleForwardingServerCallListener<>(listener) {
      private boolean isRefused;

      @Override
      public void onMessage(Q message) {
        if (isRefused) {
          return;
        }
        Failure failure = failure(call, message);
        if (failure == null) {
          super.onMessage(message);
        } else {
          isRefused = true;
          failure.close(call);
        }
      }

      @Override
      public void onHalfClose() {
        if (!isRefused) {
          super.onHalfClose();
        }
      }
    };
  }
}
