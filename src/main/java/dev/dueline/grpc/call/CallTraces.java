package dev.dueline.grpc.call;

import dev.dueline.job.TraceParent;
import dev.dueline.v1.SchedulerServiceGrpc;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The trace of a call: that of its caller, by W3C Trace Context in the call's metadata, and where
 * spans are made, a span of its own in it. Nothing is kept on threads, since a call begins on one
 * and ends on another.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/rpc/grpc/">What a span tells</a>
 */
@Singleton
@GlobalInterceptor
public final class CallTraces implements ServerInterceptor {
  private static final Context.Key<TraceParent> TRACE = Context.key("dueline-trace");
  private static final String OURS = "dueline.";

  /** A stream is open for days; each of its deliveries has a span. */
  private static final String STREAM = SchedulerServiceGrpc.getWatchDueMethod().getFullMethodName();

  /** What a server is to blame for. */
  private static final Set<Status.Code> FAILURES =
      Set.of(
          Status.Code.UNKNOWN,
          Status.Code.DEADLINE_EXCEEDED,
          Status.Code.UNIMPLEMENTED,
          Status.Code.INTERNAL,
          Status.Code.UNAVAILABLE,
          Status.Code.DATA_LOSS);

  private final Tracer tracer;

  @Inject
  public CallTraces(Tracer tracer) {
    this.tracer = tracer;
  }

  /** That of the call that this thread begins, or null. */
  public static @Nullable TraceParent current() {
    return TRACE.get();
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    MethodDescriptor<Q, R> method = call.getMethodDescriptor();
    String name = method.getFullMethodName();
    if (!name.startsWith(OURS) || name.equals(STREAM)) {
      return next.startCall(call, headers);
    }
    // With nobody to take spans, this is no span but the trace of the caller.
    Span span =
        tracer
            .spanBuilder(name)
            .setParent(
                W3CTraceContextPropagator.getInstance()
                    .extract(io.opentelemetry.context.Context.root(), headers, Getter.INSTANCE))
            .setSpanKind(SpanKind.SERVER)
            .setAttribute("rpc.system", "grpc")
            .setAttribute("rpc.service", String.valueOf(method.getServiceName()))
            .setAttribute("rpc.method", String.valueOf(method.getBareMethodName()))
            .startSpan();
    SpanContext context = span.getSpanContext();
    if (!context.isValid()) {
      return next.startCall(call, headers);
    }
    TraceParent trace =
        new TraceParent(
            context.getTraceId(), context.getSpanId(), context.getTraceFlags().asByte());
    Context inTrace = Context.current().withValue(TRACE, trace);
    return span.isRecording()
        ? new SpannedListener<>(
            Contexts.interceptCall(inTrace, new SpannedCall<>(call, span), headers, next), span)
        : Contexts.interceptCall(inTrace, call, headers, next);
  }

  /** The first end counts. */
  private static void end(Span span, Status.Code code) {
    span.setAttribute("rpc.grpc.status_code", code.value());
    if (FAILURES.contains(code)) {
      span.setStatus(StatusCode.ERROR);
    }
    span.end();
  }

  private static final class SpannedCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
    private final Span span;

    SpannedCall(ServerCall<Q, R> call, Span span) {
      super(call);
      this.span = span;
    }

    @Override
    public void close(Status status, Metadata trailers) {
      end(span, status.getCode());
      super.close(status, trailers);
    }
  }

  private static final class SpannedListener<Q> extends SimpleForwardingServerCallListener<Q> {
    private final Span span;

    SpannedListener(ServerCall.Listener<Q> listener, Span span) {
      super(listener);
      this.span = span;
    }

    @Override
    public void onCancel() {
      end(span, Status.Code.CANCELLED);
      super.onCancel();
    }
  }

  private enum Getter implements TextMapGetter<Metadata> {
    INSTANCE;

    @Override
    public Iterable<String> keys(Metadata headers) {
      return headers.keys();
    }

    @Override
    public @Nullable String get(@Nullable Metadata headers, String key) {
      return headers == null
          ? null
          : headers.get(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER));
    }
  }
}
