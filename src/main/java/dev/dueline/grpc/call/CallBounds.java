package dev.dueline.grpc.call;

import dev.dueline.grpc.connection.CallAccount;
import dev.dueline.grpc.connection.CallAccount.Demand;
import dev.dueline.grpc.connection.Connection;
import dev.dueline.grpc.connection.Excess;
import dev.dueline.grpc.failure.AccessFailures;
import dev.dueline.grpc.failure.Failure;
import dev.dueline.grpc.message.BoundedRequests;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Counts calls in progress, those of unknown methods too, and refuses one too many; closes calls
 * whose request does not end in time, or holds too much until then; lets no more be written to a
 * stream while its connection holds much that its peer has not read.
 */
public final class CallBounds implements ServerInterceptor {
  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    CallAccount account = CallAccount.current();
    if (account == null) {
      return next.startCall(call, headers);
    }
    if (account.isClosed()) {
      return new ServerCall.Listener<>() {};
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
    return new Bounded<>(
        call.getMethodDescriptor().getType() == MethodType.UNARY
            ? next.startCall(call, headers)
            : streamed(call, headers, next, account),
        call,
        account);
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

  /**
   * Keeps a request until its caller has ended it, so that it can be dropped before. gRPC calls it
   * from one thread at a time.
   */
  private static final class Bounded<Q> extends SimpleForwardingServerCallListener<Q> {
    private final ServerCall<Q, ?> call;
    private final CallAccount account;
    private final boolean hasOneMessage;

    /** Emptied on any thread. */
    private final AtomicReference<@Nullable Q> request = new AtomicReference<>();

    private boolean hasRequest;
    private boolean isRefused;

    Bounded(ServerCall.Listener<Q> delegate, ServerCall<Q, ?> call, CallAccount account) {
      super(delegate);
      this.call = call;
      this.account = account;
      this.hasOneMessage = call.getMethodDescriptor().getType().clientSendsOneMessage();
    }

    @Override
    public void onMessage(Q message) {
      if (isRefused) {
        return;
      }
      if (!hasOneMessage) {
        super.onMessage(message);
        // Each is answered for itself.
        account.requestEnded();
      } else if (hasRequest) {
        refuse(AccessFailures.secondMessage());
      } else {
        hasRequest = true;
        request.set(message);
        if (!account.mayKeep(() -> request.set(null))) {
          refuse(
              account.isBeyond()
                  ? AccessFailures.tooMuchAtOnce()
                  : AccessFailures.connectionEnds());
        }
      }
    }

    @Override
    public void onHalfClose() {
      boolean isInTime = account.requestEnded() || !hasOneMessage;
      Q kept = request.getAndSet(null);
      if (isRefused || !isInTime || account.isClosed()) {
        return;
      }
      if (hasRequest && kept == null) {
        refuse(AccessFailures.connectionEnds());
        return;
      }
      if (kept != null) {
        super.onMessage(kept);
      }
      super.onHalfClose();
    }

    private void refuse(Failure failure) {
      request.set(null);
      isRefused = true;
      failure.close(call);
    }
  }
}
