package dev.dueline.system.telemetry;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes spans as a collector does, by OTLP over gRPC on a free port of loopback. */
public final class Collector extends TraceServiceGrpc.TraceServiceImplBase
    implements AutoCloseable {
  private final List<ExportTraceServiceRequest> requests = new CopyOnWriteArrayList<>();
  private final Server server;

  /** Starts to take spans. */
  public Collector() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
            .addService(this)
            .build()
            .start();
  }

  /** What {@code quarkus.otel.exporter.otlp.endpoint} must be. */
  public String endpoint() {
    return "http://127.0.0.1:" + server.getPort();
  }

  /** All that it was sent so far. */
  List<ExportTraceServiceRequest> requests() {
    return requests;
  }

  /** The spans of this name so far. */
  public List<Span> spans(String name) {
    return requests.stream()
        .flatMap(request -> request.getResourceSpansList().stream())
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .filter(span -> span.getName().equals(name))
        .toList();
  }

  @Override
  public void export(
      ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> caller) {
    requests.add(request);
    caller.onNext(ExportTraceServiceResponse.getDefaultInstance());
    caller.onCompleted();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
