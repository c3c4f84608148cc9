package dev.dueline.ops.traces;

import dev.dueline.job.TraceParent;
import dev.dueline.job.lease.Delivery;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * A span for each delivery of a job whose scheduling was sampled: from when it was due, or when a
 * retry was leased, until it was written, by the clock of Redis. It is the first of a trace of its
 * own and links to the one that scheduled the job, which may be over for days.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/">What it
 *     tells</a>
 */
@Singleton
public final class DeliverySpans {
  private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("dueline.job.attempt");

  private final Tracer tracer;
  private final SpanRate rate;
  private final Counter leftOut;
  private final boolean isOff;

  DeliverySpans(
      Tracer tracer,
      TracesConfig config,
      MeterRegistry registry,
      @ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean isOff) {
    this.tracer = tracer;
    this.isOff = isOff;
    this.rate = new SpanRate(config.maxDeliveriesPerSecond(), System::nanoTime);
    this.leftOut = registry.counter("dueline.delivery.spans.left.out");
  }

  /** A job was written to its stream, so long after it was due. */
  public void written(Delivery job, long latenessNanos) {
    Map<String, String> attributes = job.job().attributes();
    if (isOff || !attributes.containsKey(TraceParent.ATTRIBUTE)) {
      return;
    }
    Context scheduled =
        W3CTraceContextPropagator.getInstance()
            .extract(Context.root(), attributes, Getter.INSTANCE);
    SpanContext link = Span.fromContext(scheduled).getSpanContext();
    if (!link.isSampled()) {
      return;
    }
    if (!rate.take()) {
      leftOut.increment();
      return;
    }
    String queue = job.token().shard().queue().value();
    Instant due = Instant.ofEpochMilli(job.dueMs());
    tracer
        .spanBuilder("deliver " + queue)
        .setNoParent()
        .addLink(link)
        .setSpanKind(SpanKind.PRODUCER)
        .setStartTimestamp(job.attempt() == 1 ? due : Instant.ofEpochMilli(job.dispatchMs()))
        .setAttribute("messaging.system", "dueline")
        .setAttribute("messaging.operation.name", "deliver")
        .setAttribute("messaging.operation.type", "send")
        .setAttribute("messaging.destination.name", queue)
        .setAttribute("messaging.message.id", job.job().id().value())
        .setAttribute(ATTEMPT, (long) job.attempt())
        .startSpan()
        .end(due.plus(latenessNanos, ChronoUnit.NANOS));
  }

  private enum Getter implements TextMapGetter<Map<String, String>> {
    INSTANCE;

    @Override
    public Iterable<String> keys(Map<String, String> attributes) {
      return attributes.keySet();
    }

    @Override
    public @Nullable String get(@Nullable Map<String, String> attributes, String key) {
      return attributes == null ? null : attributes.get(key);
    }
  }
}
