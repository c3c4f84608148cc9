package dev.dueline.system.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.ManagementPage;
import dev.dueline.system.process.RedisServer;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.WatchDueRequest;
import dev.dueline.v1.WatchDueResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metrics page of a service that is used, and what its documentation says of it. */
class MetricsIT {
  private static final Path OPERATIONS = Path.of("docs/operations.md");
  private static final Pattern DOCUMENTED = Pattern.compile("`(dueline_[a-z_]+)`");
  private static final Pattern ON_PAGE =
      Pattern.compile("^(dueline_[a-z_]+?)(_bucket|_count|_sum|_max)?[{ ]");
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private RedisServer redis;
  private ServiceProcess service;

  @BeforeEach
  void start(@TempDir Path data) {
    redis = RedisServer.start(data, LoopbackPort.free(), List.of("save \"\""));
    service =
        ServiceProcess.start(
            "quarkus.redis.hosts=redis://127.0.0.1:" + redis.port(),
            "dueline.metrics.interval=200ms",
            "dueline.metrics.max-queues=3");
  }

  @AfterEach
  void stop() {
    service.close();
    redis.close();
  }

  @Test
  void everyMetricIsDocumentedAndEveryDocumentedOneIsThere() throws IOException {
    work("mail");
    Set<String> documented = new TreeSet<>();
    String table = Files.readString(OPERATIONS);
    Matcher names = DOCUMENTED.matcher(table.substring(table.indexOf("## Metrics")));
    while (names.find()) {
      documented.add(names.group(1));
    }
    assertThat(documented).hasSizeGreaterThan(15);
    await("all metrics")
        .atMost(TIMEOUT)
        .untilAsserted(() -> assertThat(names(page())).isEqualTo(documented));
  }

  @Test
  void whatHappenedIsCountedByQueue() {
    work("mail");
    await("the counts of jobs")
        .atMost(TIMEOUT)
        .until(() -> value("dueline_jobs{queue=\"mail\",state=\"pending\"}") == 1);
    await("the backlog's age")
        .atMost(TIMEOUT)
        .until(() -> value("dueline_oldest_overdue_seconds{queue=\"mail\"}") == 0);
    assertThat(value("dueline_jobs_dispatched_total{queue=\"mail\"}")).isEqualTo(1);
    for (String stage : List.of("leased", "written")) {
      String lateness = "dueline_lateness_seconds_count{queue=\"mail\",stage=\"" + stage + "\"}";
      assertThat(value(lateness)).isEqualTo(1);
    }
    assertThat(value("dueline_backstop_found_overdue_total")).isZero();
  }

  @Test
  void aThousandQueuesDoNotMakeAThousandSeries() {
    for (int i = 0; i < 60; i++) {
      schedule("q-" + i, "job", 3_600_000);
    }
    await("the others")
        .atMost(TIMEOUT)
        .until(() -> value("dueline_jobs{queue=\"(other)\",state=\"pending\"}") == 57);
    assertThat(page().lines().filter(line -> line.startsWith("dueline_jobs{")).count())
        .isEqualTo(4 * 4);
  }

  @Test
  void aBusyQueueTakesALabelFromOneThatOnlyHoldsJobs() {
    for (int i = 0; i < 120; i++) {
      schedule("junk-" + i, "job", 3_600_000);
    }
    await("labels that are taken")
        .atMost(TIMEOUT)
        .until(() -> value("dueline_jobs{queue=\"(other)\",state=\"pending\"}") == 117);
    WatchDueRequest watch =
        WatchDueRequest.newBuilder().addQueues("busy").setMaxOutstandingJobs(100).build();
    assertThat(service.calls().watchDue(watch).next().hasStarted()).isTrue();
    for (int i = 0; i < 40; i++) {
      schedule("busy", "job-" + i, 0);
    }
    await("a label")
        .atMost(TIMEOUT)
        .until(() -> value("dueline_jobs{queue=\"busy\",state=\"leased\"}") == 40);
    await("only three labels, and the others'")
        .atMost(TIMEOUT)
        .until(
            () -> page().lines().filter(line -> line.startsWith("dueline_jobs{")).count() == 4 * 4);
    assertThat(value("dueline_watchers{queue=\"busy\"}")).isEqualTo(1);
    assertThat(
            page().lines().filter(line -> line.startsWith("dueline_jobs_dispatched_total")).count())
        .isEqualTo(4);
  }

  /** One job that is done, and one that waits. */
  private void work(String queue) {
    WatchDueRequest watch =
        WatchDueRequest.newBuilder().addQueues(queue).setMaxOutstandingJobs(1).build();
    Iterator<WatchDueResponse> events = service.calls().watchDue(watch);
    assertThat(events.next().hasStarted()).isTrue();
    schedule(queue, "now", 0);
    schedule(queue, "later", 3_600_000);
    DueJob job = events.next().getDueJobs().getJobs(0);
    var acked =
        service.calls().ack(AckRequest.newBuilder().addLeaseTokens(job.getLeaseToken()).build());
  }

  private void schedule(String queue, String id, long delayMs) {
    var scheduled =
        service
            .calls()
            .schedule(
                ScheduleRequest.newBuilder()
                    .setQueue(queue)
                    .setJobId(id)
                    .setDelay(Durations.fromMillis(delayMs))
                    .build());
  }

  /** The value of a series, or -1 if it is not there. */
  private double value(String series) {
    return page()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElse(-1);
  }

  private static Set<String> names(String page) {
    Set<String> names = new TreeSet<>();
    page.lines()
        .map(ON_PAGE::matcher)
        .filter(Matcher::find)
        .forEach(matcher -> names.add(matcher.group(1)));
    return names;
  }

  private String page() {
    return ManagementPage.metrics(service).text();
  }
}
