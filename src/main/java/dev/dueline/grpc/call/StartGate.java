package dev.dueline.grpc.call;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Singleton;

/**
 * Refuses calls until the service has started: the framework opens the port before it is known
 * whether Redis may be used, and takes all apart behind it where the start fails.
 */
@Singleton
@GlobalInterceptor
public final class StartGate implements ServerInterceptor, Prioritized {
  private static final Status CLOSED =
      Status.UNAVAILABLE.withDescription("This replica is starting: try again, or another.");

  private volatile boolean isOpen;

  /** The start is over, and went well. */
  public void open() {
    isOpen = true;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    if (isOpen) {
      return next.startCall(call, headers);
    }
    call.close(CLOSED, new Metadata());
    return new ServerCall.Listener<>() {};
  }

  /** Inside {@link dev.dueline.grpc.failure.FailureDetails} alone, so that nobody is asked. */
  @Override
  public int getPriority() {
    return Integer.MAX_VALUE - 1;
  }
}
