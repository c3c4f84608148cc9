package dev.dueline.grpc.call;

import dev.dueline.access.Principal;
import dev.dueline.grpc.connection.CallAccount;
import dev.dueline.grpc.connection.Connection;
import dev.dueline.grpc.failure.AccessFailures;
import dev.dueline.grpc.failure.Failure;
import dev.dueline.grpc.message.BoundedRequests;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lets calls in whose caller can send no headers of its own, and so has its token in the message.
 * Headers and certificate decide where they name a principal, or bring a token; otherwise the call
 * waits for its message, one of those without credentials meanwhile, and begins only if the token
 * in it is good. One that is bad, missing, or in a message that cannot be taken counts against its
 * connection only while that had no call admitted: callers of this kind share a connection, and one
 * must not end the calls of the others.
 */
public final class MessageCredentials implements ServerInterceptor {
  private final AccessControl access;
  private final Function<Object, @Nullable String> token;

  /**
   * Access by messages, where headers name nobody.
   *
   * @param token of a request; null: it has none
   */
  public MessageCredentials(AccessControl access, Function<Object, @Nullable String> token) {
    this.access = access;
    this.token = token;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    CallAccount account = CallAccount.current();
    Optional<Principal> known = access.caller(call, headers);
    if (known.isPresent()) {
      return letIn(known.get(), account, call, headers, next);
    }
    if (headers.containsKey(AccessControl.AUTHORIZATION)) {
      return AccessControl.refuseStranger(call);
    }
    call.request(1);
    return new Awaiting<>(call, account, headers, next);
  }

  private <Q, R> ServerCall.Listener<Q> letIn(
      Principal principal,
      @Nullable CallAccount account,
      ServerCall<Q, R> call,
      Metadata headers,
      ServerCallHandler<Q, R> next) {
    if (account != null) {
      account.named();
    }
    return access.letIn(principal, call, headers, next);
  }

  /** A call whose message is to come. gRPC calls it from one thread at a time. */
  private final class Awaiting<Q, R> extends ServerCall.Listener<Q> {
    private final ServerCall<Q, R> call;
    private final @Nullable CallAccount account;
    private final Metadata headers;
    private final ServerCallHandler<Q, R> next;
    private ServerCall.@Nullable Listener<Q> begun;

    Awaiting(
        ServerCall<Q, R> call,
        @Nullable CallAccount account,
        Metadata headers,
        ServerCallHandler<Q, R> next) {
      this.call = call;
      this.account = account;
      this.headers = headers;
      this.next = next;
    }

    @Override
    public void onMessage(Q message) {
      if (begun == null) {
        begun = begin(message);
      }
      begun.onMessage(message);
    }

    private ServerCall.Listener<Q> begin(Q message) {
      Connection connection = Connection.of(call.getAttributes());
      if (connection != null && connection.isOver()) {
        // Of the same read as what it ends for: no signature is checked for it.
        return AccessControl.refuse(call, AccessFailures.connectionEnds());
      }
      Failure unread = BoundedRequests.failure(call, message);
      if (unread != null) {
        return refuse(unread);
      }
      String found = token.apply(message);
      Optional<Principal> known = found == null ? Optional.empty() : access.bearer(found);
      return known.isEmpty()
          ? refuse(AccessFailures.unauthenticated())
          : letIn(known.get(), account, call, headers, next);
    }

    /** Answers first, as the connection may have to go for it. */
    private ServerCall.Listener<Q> refuse(Failure failure) {
      ServerCall.Listener<Q> refused = AccessControl.refuse(call, failure);
      failed();
      return refused;
    }

    private void failed() {
      Connection connection = Connection.of(call.getAttributes());
      if (connection != null && !connection.isKnown()) {
        connection.failedAuthentication();
      }
    }

    @Override
    public void onHalfClose() {
      if (begun == null) {
        begun = refuse(AccessFailures.unauthenticated());
      }
      begun.onHalfClose();
    }

    @Override
    public void onReady() {
      if (begun != null) {
        begun.onReady();
      }
    }

    @Override
    public void onCancel() {
      if (begun == null) {
        // By gRPC, for a message that is too large, or by who makes calls without any.
        failed();
      } else {
        begun.onCancel();
      }
    }

    @Override
    public void onComplete() {
      if (begun != null) {
        begun.onComplete();
      }
    }
  }
}
