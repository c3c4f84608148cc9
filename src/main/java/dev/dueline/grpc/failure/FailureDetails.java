package dev.dueline.grpc.failure;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusException;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Singleton;

/**
 * Gives an ErrorInfo to failures that the framework made, which come without one. It is the
 * outermost interceptor, so that it sees what the others make.
 */
@Singleton
@GlobalInterceptor
public final class FailureDetails implements ServerInterceptor, Prioritized {
  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    return next.startCall(
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void close(Status status, Metadata trailers) {
            if (!status.isOk() && !trailers.containsKey(Failure.DETAILS)) {
              StatusException detailed = GrpcFailures.ofStatus(status).toException();
              Metadata details = detailed.getTrailers();
              if (details != null) {
                trailers.merge(details);
              }
            }
            super.close(status, trailers);
          }
        },
        headers);
  }

  @Override
  public int getPriority() {
    return Integer.MAX_VALUE;
  }
}
