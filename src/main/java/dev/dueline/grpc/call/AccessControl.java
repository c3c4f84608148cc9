package dev.dueline.grpc.call;

import com.google.protobuf.Duration;
import dev.dueline.access.Authenticator;
import dev.dueline.access.CertificateName;
import dev.dueline.access.CertificateNames;
import dev.dueline.access.Credentials;
import dev.dueline.access.Permission;
import dev.dueline.access.Principal;
import dev.dueline.access.Usage;
import dev.dueline.grpc.call.RequestRules.RequestRule;
import dev.dueline.grpc.connection.Connection;
import dev.dueline.grpc.failure.AccessFailures;
import dev.dueline.grpc.failure.Failure;
import dev.dueline.grpc.failure.RepeatFailures;
import dev.dueline.grpc.message.BoundedRequests;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.WatchDueRequest;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import sh.keda.externalscaler.ExternalScalerGrpc;
import sh.keda.externalscaler.ScaledObjectRef;

/**
 * Lets calls in: who makes it, whether they make too many, whether they may do this to the queues
 * of this very request, and whether they may have given it up while the process stood still. Health
 * is for anybody; reflection for whoever is known.
 */
@Singleton
@GlobalInterceptor
public final class AccessControl implements ServerInterceptor, Prioritized {
  static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final String SCHEME = "bearer ";

  /** Its request is that of calls that do not wait. */
  private static final String STREAM_IS_ACTIVE =
      ExternalScalerGrpc.getStreamIsActiveMethod().getFullMethodName();

  private final Authenticator authenticator;
  private final Usage usage;
  private final Standstill standstill;

  public AccessControl(Authenticator authenticator, Standstill standstill) {
    this(authenticator, new Usage(System::nanoTime), standstill);
  }

  @Inject
  public AccessControl(Authenticator authenticator, Usage usage, Standstill standstill) {
    this.authenticator = authenticator;
    this.usage = usage;
    this.standstill = standstill;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    Connection connection = Connection.of(call.getAttributes());
    if (connection != null && connection.isOver()) {
      // Of the same read as what it ends for: who makes hundreds is not looked at.
      return refuse(call, AccessFailures.connectionEnds());
    }
    String method = call.getMethodDescriptor().getFullMethodName();
    if (BoundedRequests.isAnonymous(method)) {
      return BoundedRequests.refusing(call, next.startCall(call, headers));
    }
    Optional<Principal> known = caller(call, headers);
    return known.isEmpty() ? refuseStranger(call) : letIn(known.get(), call, headers, next);
  }

  /** Who makes a call, by its headers and its connection; empty: nobody who is known. */
  Optional<Principal> caller(ServerCall<?, ?> call, Metadata headers) {
    return credentials(call, headers).flatMap(authenticator::authenticate);
  }

  /** Whose token that is; empty: nobody's. */
  Optional<Principal> bearer(String token) {
    return authenticator.authenticate(new Credentials(token, List.of()));
  }

  /** Begins a call of a principal, if it may make it. */
  <Q, R> ServerCall.Listener<Q> letIn(
      Principal principal, ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    String method = call.getMethodDescriptor().getFullMethodName();
    Connection connection = Connection.of(call.getAttributes());
    if (connection != null) {
      connection.admitted(principal.name());
    }
    long waitMs = usage.callOrWaitMs(principal);
    if (waitMs > 0) {
      return refuse(call, AccessFailures.tooFast(principal, waitMs));
    }
    if (BoundedRequests.isReflection(method)) {
      return BoundedRequests.refusing(call, next.startCall(call, headers));
    }
    RequestRule<?> rule = RequestRules.of(method);
    if (rule == null) {
      return refuse(call, AccessFailures.unknownMethod(method));
    }
    if (principal.granted(rule.permission()).isEmpty()) {
      return refuse(call, AccessFailures.deniedEverywhere(principal, rule.permission()));
    }
    if (RequestRules.changesSomething(method) && standstill.isOutlived(CallDeadlines.current())) {
      return refuse(call, RepeatFailures.notInTime());
    }
    return new Checked<>(
        Contexts.interceptCall(
            ConnectionAge.in(Caller.context(principal), call.getAttributes()), call, headers, next),
        call,
        rule,
        principal);
  }

  /** Inside {@link StartGate}, and outside of what carries calls out. */
  @Override
  public int getPriority() {
    return Integer.MAX_VALUE - 2;
  }

  /** Empty: it says something that cannot be understood, which is wrong whatever else it says. */
  private static Optional<Credentials> credentials(ServerCall<?, ?> call, Metadata headers) {
    List<CertificateName> names = List.of();
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session != null) {
      names = CertificateNames.of(session);
    }
    Iterable<String> values = headers.getAll(AUTHORIZATION);
    if (values == null) {
      return Optional.of(new Credentials(null, names));
    }
    Iterator<String> each = values.iterator();
    String value = each.next();
    boolean isBearer = value.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    return each.hasNext() || !isBearer
        ? Optional.empty()
        : Optional.of(new Credentials(value.substring(SCHEME.length()).strip(), names));
  }

  /** Answers first, as the connection may have to go for it. */
  static <Q> ServerCall.Listener<Q> refuseStranger(ServerCall<Q, ?> call) {
    ServerCall.Listener<Q> refused = refuse(call, AccessFailures.unauthenticated());
    Connection connection = Connection.of(call.getAttributes());
    if (connection != null) {
      connection.failedAuthentication();
    }
    return refused;
  }

  /** Answers a call at once; what it still sends is not read. */
  static <Q> ServerCall.Listener<Q> refuse(ServerCall<Q, ?> call, Failure failure) {
    failure.close(call);
    return new ServerCall.Listener<>() {};
  }

  /** Whether a request asks for a watcher, or for what waits like one. */
  private static boolean isWatching(ServerCall<?, ?> call, Object message) {
    return message instanceof WatchDueRequest
        || message instanceof PullDueRequest pull
            && !pull.getWaitTime().equals(Duration.getDefaultInstance())
        || message instanceof ScaledObjectRef
            && STREAM_IS_ACTIVE.equals(call.getMethodDescriptor().getFullMethodName());
  }

  /** Looks at each request before it gets on. gRPC calls it from one thread at a time. */
  private final class Checked<Q> extends SimpleForwardingServerCallListener<Q> {
    private final ServerCall<Q, ?> call;
    private final RequestRule<?> rule;
    private final Principal principal;
    private boolean isRefused;
    private boolean isHolding;

    Checked(
        ServerCall.Listener<Q> delegate,
        ServerCall<Q, ?> call,
        RequestRule<?> rule,
        Principal principal) {
      super(delegate);
      this.call = call;
      this.rule = rule;
      this.principal = principal;
    }

    @Override
    public void onMessage(Q message) {
      Failure failure = failure(message);
      if (failure == null) {
        super.onMessage(message);
      } else if (!isRefused) {
        isRefused = true;
        failure.close(call);
      }
    }

    private @Nullable Failure failure(Q message) {
      Failure unread = BoundedRequests.failure(call, message);
      if (unread != null) {
        return unread;
      }
      Permission permission = rule.permission();
      String queue = rule.denied(principal, message);
      if (queue != null) {
        return AccessFailures.denied(principal, permission, queue);
      }
      if (isWatching(call, message) && !isHolding) {
        isHolding = usage.acquired(principal);
        return isHolding ? null : AccessFailures.tooManyWatchers(principal);
      }
      return null;
    }

    @Override
    public void onHalfClose() {
      if (!isRefused) {
        super.onHalfClose();
      }
    }

    @Override
    public void onReady() {
      if (!isRefused) {
        super.onReady();
      }
    }

    @Override
    public void onCancel() {
      release();
      super.onCancel();
    }

    @Override
    public void onComplete() {
      release();
      super.onComplete();
    }

    private void release() {
      if (isHolding) {
        isHolding = false;
        usage.released(principal);
      }
    }
  }
}
