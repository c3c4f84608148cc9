package dev.dueline.grpc.failure;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.StatusException;
import io.quarkus.grpc.ExceptionHandler;
import io.quarkus.grpc.ExceptionHandlerProvider;
import io.quarkus.grpc.auth.AuthExceptionHandlerProvider;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;

/** Sends exceptions that escape from a call through {@link GrpcFailures}. */
@Singleton
final class EscapedFailures implements ExceptionHandlerProvider {
  private final Instance<AuthExceptionHandlerProvider> security;

  EscapedFailures(Instance<AuthExceptionHandlerProvider> security) {
    this.security = security;
  }

  @Override
  public <Q, R> ExceptionHandler<Q, R> createHandler(
      ServerCall.Listener<Q> listener, ServerCall<Q, R> call, Metadata headers) {
    return new ExceptionHandler<>(listener, call, headers) {
      @Override
      protected void handleException(Throwable thrown, ServerCall<Q, R> call, Metadata headers) {
        StatusException failure = transform(thrown);
        Metadata trailers = failure.getTrailers();
        try {
          call.close(failure.getStatus(), trailers == null ? new Metadata() : trailers);
        } catch (IllegalStateException e) {
          // The call was answered before the exception: there is nobody left to tell.
        }
      }
    };
  }

  @Override
  public StatusException transform(Throwable thrown) {
    if (security.isResolvable() && security.get().handlesException(thrown)) {
      return GrpcFailures.of(security.get().transformToStatusException(thrown)).toException();
    }
    return GrpcFailures.of(thrown).toException();
  }
}
