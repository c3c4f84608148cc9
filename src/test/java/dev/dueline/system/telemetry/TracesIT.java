package dev.dueline.system.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.ManagementPage;
import dev.dueline.system.process.RedisServer;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.BatchScheduleRequest;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.GetJobRequest;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.ScheduleOutcome;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.SchedulerServiceGrpc.SchedulerServiceBlockingStub;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trace of a call goes with its job, and a delivery's span links to it. */
class TracesIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Metadata.Key<String> TRACEPARENT =
      Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";
  private static final String SAMPLED = "00-" + TRACE + "-" + SPAN + "-01";
  private static final String UNSAMPLED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
  private static final String SCHEDULE = "dueline.v1.SchedulerService/Schedule";
  private static final String SECRET = "none of the collector's business";

  private RedisServer redis;
  private Collector collector;

  @BeforeEach
  void start(@TempDir Path data) throws IOException {
    redis = RedisServer.start(data, LoopbackPort.free(), List.of("save \"\""));
    collector = new Collector();
  }

  @AfterEach
  void stop() {
    collector.close();
    redis.close();
  }

  @Test
  void aDeliveryLinksToTheCallThatScheduledTheJob() {
    try (ServiceProcess service = traced()) {
      in(SAMPLED, service).schedule(job("job").build());
      DueJob job = pull(service);
      calls(service).ack(AckRequest.newBuilder().addLeaseTokens(job.getLeaseToken()).build());

      await("spans").atMost(TIMEOUT).until(() -> collector.spans("deliver q").size() == 1);
      await("spans").atMost(TIMEOUT).until(() -> collector.spans(SCHEDULE).size() == 1);
      Span call = collector.spans(SCHEDULE).get(0);
      assertThat(hex(call.getTraceId())).isEqualTo(TRACE);
      assertThat(hex(call.getParentSpanId())).isEqualTo(SPAN);
      assertThat(job.getAttributesMap())
          .containsEntry("traceparent", "00-" + TRACE + "-" + hex(call.getSpanId()) + "-01");

      Span delivery = collector.spans("deliver q").get(0);
      assertThat(delivery.getTraceId()).isNotEqualTo(call.getTraceId());
      assertThat(delivery.getParentSpanId()).isEqualTo(ByteString.EMPTY);
      assertThat(delivery.getLinksList()).hasSize(1);
      assertThat(delivery.getLinks(0).getTraceId()).isEqualTo(call.getTraceId());
      assertThat(delivery.getLinks(0).getSpanId()).isEqualTo(call.getSpanId());
      assertThat(delivery.getStartTimeUnixNano()).isEqualTo(Timestamps.toNanos(job.getDueTime()));
      assertThat(delivery.getEndTimeUnixNano())
          .isGreaterThanOrEqualTo(Timestamps.toNanos(job.getDispatchTime()));
      await("spans of other calls")
          .atMost(TIMEOUT)
          .until(() -> collector.spans("dueline.v1.SchedulerService/Ack").size() == 1);
      assertThat(collector.requests().toString()).doesNotContain(SECRET, job.getLeaseToken());
    }
  }

  @Test
  void whatWasNotSampledHasNoSpan() {
    try (ServiceProcess service = traced()) {
      in(UNSAMPLED, service).schedule(job("first").build());
      assertThat(pull(service).getAttributesMap().get("traceparent")).endsWith("-00");
      in(SAMPLED, service).schedule(job("second").build());
      pull(service);
      await("a span").atMost(TIMEOUT).until(() -> !collector.spans("deliver q").isEmpty());
      assertThat(collector.spans("deliver q")).hasSize(1);
    }
  }

  @Test
  void theTraceThatAJobNamesItselfStays() {
    try (ServiceProcess service = traced()) {
      calls(service).schedule(job("job").putAttributes("traceparent", SAMPLED).build());
      assertThat(pull(service).getAttributesMap()).containsEntry("traceparent", SAMPLED);
      await("a span").atMost(TIMEOUT).until(() -> !collector.spans("deliver q").isEmpty());
      assertThat(hex(collector.spans("deliver q").get(0).getLinks(0).getSpanId())).isEqualTo(SPAN);
    }
  }

  @Test
  void aBurstHasSomeSpansAndTheOthersAreCounted() {
    try (ServiceProcess service = traced("dueline.traces.max-deliveries-per-second=1")) {
      int jobs = 20;
      for (int i = 0; i < jobs; i++) {
        in(SAMPLED, service).schedule(job("job-" + i).build());
      }
      int pulled = 0;
      while (pulled < jobs) {
        pulled += pull(jobs, service).size();
      }
      await("a span or a count for each")
          .atMost(TIMEOUT)
          .untilAsserted(
              () -> {
                double leftOut =
                    ManagementPage.metrics(service).sum("dueline_delivery_spans_left_out_total");
                assertThat(leftOut).isPositive();
                assertThat(collector.spans("deliver q")).hasSize(jobs - (int) leftOut);
              });
      assertThat(collector.spans("deliver q")).isNotEmpty();
    }
  }

  @Test
  void withNobodyToTakeSpansTheTraceOfTheCallerGoesWithTheJob() {
    try (ServiceProcess service = service()) {
      ScheduleRequest request = job("job").setPayload(ByteString.EMPTY).clearAttributes().build();
      in(SAMPLED, service).schedule(request);
      for (String other : List.of(SAMPLED, UNSAMPLED, "nonsense")) {
        assertThat(in(other, service).schedule(request).getOutcome())
            .isEqualTo(ScheduleOutcome.SCHEDULE_OUTCOME_UNCHANGED);
      }
      assertThat(calls(service).schedule(request).getOutcome())
          .isEqualTo(ScheduleOutcome.SCHEDULE_OUTCOME_UNCHANGED);
      in(UNSAMPLED, service)
          .batchSchedule(
              BatchScheduleRequest.newBuilder()
                  .addRequests(request.toBuilder().setJobId("in-bulk"))
                  .build());
      calls(service).schedule(request.toBuilder().setJobId("of-no-trace").build());

      assertThat(attributes(service, "job")).isEqualTo(Map.of("traceparent", SAMPLED));
      assertThat(attributes(service, "in-bulk")).isEqualTo(Map.of("traceparent", UNSAMPLED));
      assertThat(attributes(service, "of-no-trace")).isEmpty();
    }
  }

  private ServiceProcess service(String... settings) {
    return ServiceProcess.start(settings(settings));
  }

  private ServiceProcess traced(String... more) {
    List<String> all = new ArrayList<>(List.of(more));
    all.add("quarkus.otel.sdk.disabled=false");
    all.add("quarkus.otel.exporter.otlp.endpoint=" + collector.endpoint());
    all.add("quarkus.otel.bsp.schedule.delay=100ms");
    return service(all.toArray(String[]::new));
  }

  private String[] settings(String... more) {
    String[] all = new String[more.length + 2];
    all[0] = "quarkus.redis.hosts=redis://127.0.0.1:" + redis.port();
    all[1] = "dueline.store.timeout=30s";
    System.arraycopy(more, 0, all, 2, more.length);
    return all;
  }

  private static SchedulerServiceBlockingStub in(String trace, ServiceProcess service) {
    Metadata headers = new Metadata();
    headers.put(TRACEPARENT, trace);
    return calls(service).withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private static SchedulerServiceBlockingStub calls(ServiceProcess service) {
    return service.calls().withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  private static ScheduleRequest.Builder job(String id) {
    return ScheduleRequest.newBuilder()
        .setQueue("q")
        .setJobId(id)
        .setPayload(ByteString.copyFromUtf8(SECRET))
        .putAttributes("note", SECRET);
  }

  private static DueJob pull(ServiceProcess service) {
    return pull(1, service).get(0);
  }

  private static List<DueJob> pull(int most, ServiceProcess service) {
    return calls(service)
        .pullDue(
            PullDueRequest.newBuilder()
                .addQueues("q")
                .setMaxJobs(most)
                .setWaitTime(Durations.fromSeconds(50))
                .build())
        .getJobsList();
  }

  private static Map<String, String> attributes(ServiceProcess service, String id) {
    GetJobRequest request = GetJobRequest.newBuilder().setQueue("q").setJobId(id).build();
    return calls(service).getJob(request).getJob().getAttributesMap();
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
