package dev.dueline.grpc.call;

import dev.dueline.grpc.connection.CallAccount;
import dev.dueline.grpc.connection.CallAccount.Demand;
import dev.dueline.grpc.connection.Connection;
import dev.dueline.grpc.connection.Excess;
import dev.dueline.grpc.failure.AccessFailures;
import dev.dueline.grpc.message.BoundedRequests;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/**
 * Counts calls in progress, those of unknown methods too, and refuses one too many; closes calls
 * whose message does not arrive in time; lets no more be written to a stream while its connection
 * holds much that its peer has not read.
 */
public final class CallBounds implements ServerInterceptor {
  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    CallAccount account = CallAccount.current();
    if (account == null) {
      return next.startCall(call, headers);
    }
    Excess excess =
        account.begin(
            new Demand(
                isAnonymous(call),
                call::isReady,
                () -> AccessFailures.messageTimeout().close(call)));
    if (excess != null) {
      return refuse(call, excess);
    }
    return call.getMethodDescriptor().getType() == MethodType.UNARY
        ? next.startCall(call, headers)
        : streamed(call, headers, next, account);
  }

  /** Whether nobody is known to make it: it needs no credentials, or has them in its message. */
  private static boolean isAnonymous(ServerCall<?, ?> call) {
    String method = call.getMethodDescriptor().getFullMethodName();
    Connection connection = Connection.of(call.getAttributes());
    return BoundedRequests.isAnonymous(method)
        || BoundedRequests.mayHaveCredentials(method)
            && (connection == null || !connection.isKnown());
  }

  /** A stranger that goes on nevertheless counts as one without credentials. */
  private static <Q> ServerCall.Listener<Q> refuse(ServerCall<Q, ?> call, Excess excess) {
    AccessFailures.tooManyCalls(excess).close(call);
    Connection connection = Connection.of(call.getAttributes());
    if (connection != null && excess == Excess.ANONYMOUS_CALLS) {
      connection.failedAuthentication();
    }
    return new ServerCall.Listener<>() {};
  }

  private static <Q, R> ServerCall.Listener<Q> streamed(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next, CallAccount account) {
    ServerCall<Q, R> bounded =
        new SimpleForwardingServerCall<>(call) {
          @Override
          public boolean isReady() {
            return super.isReady() && account.hasRoom();
          }
        };
    ServerCall.Listener<Q> listener =
        new SimpleForwardingServerCallListener<>(next.startCall(bounded, headers)) {
          @Override
          public void onReady() {
            account.sent();
            super.onReady();
          }
        };
    account.onRoom(listener::onReady);
    return listener;
  }
}
