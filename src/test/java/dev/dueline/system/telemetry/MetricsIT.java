package dev.dueline.system.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.util.Durations;
import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.ManagementPage;
import dev.dueline.system.process.RedisServer;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.PullDueResponse;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.SchedulerServiceGrpc.SchedulerServiceBlockingStub;
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
import java.util.concurrent.TimeUnit;
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
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private RedisServer redis;
  private ServiceProcess service;

  @BeforeEach
  void start(@TempDir Path data) {
    redis = RedisServer.start(data, LoopbackPort.free(), List.of("save \"\""));
    service =
        ServiceProcess.start(
            "quarkus.redis.hosts=redis://127.0.0.1:" + redis.port(),
            "dueline.store.timeout=30s",
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
    for (String window : List.of("10s", "1m", "10m")) {
      assertThat(value(ahead("mail", window))).as(window).isZero();
    }
    await("Redis").atMost(TIMEOUT).until(() -> value("dueline_store_up") == 1);
    await("the backlog's age")
        .atMost(TIMEOUT)
        .until(() -> value("dueline_oldest_overdue_seconds{queue=\"mail\"}") == 0);
    // What a stream has written may be counted once its reader has it.
    await("the count of what was written")
        .atMost(TIMEOUT)
        .until(() -> value("dueline_jobs_dispatched_total{queue=\"mail\"}") >= 1);
    assertThat(value("dueline_jobs_dispatched_total{queue=\"mail\"}")).isEqualTo(1);
    for (String stage : List.of("leased", "written")) {
      String lateness = "dueline_lateness_seconds_count{queue=\"mail\",stage=\"" + stage + "\"}";
      await(stage).atMost(TIMEOUT).until(() -> value(lateness) >= 1);
      assertThat(value(lateness)).isEqualTo(1);
    }
    // One, only where the machine stood still for longer than an announcement may take.
    assertThat(value("dueline_backstop_found_overdue_total"))
        .isLessThanOrEqualTo(service.log().contains("stood still") ? 1 : 0);
  }

  @Test
  void aPullThatWaitsIsAWatcherAndEachWindowHasItsLabel() {
    schedule("pulled", "in-2h", 7_200_000);
    schedule("pulled", "in-30m", 1_800_000);
    await("the windows")
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              assertThat(value(ahead("pulled", "1h"))).isEqualTo(1);
              assertThat(value(ahead("pulled", "10m"))).isZero();
            });
    assertThat(series("dueline_jobs_ahead{queue=\"pulled\",window=\"")).isEqualTo(4);
    PullDueRequest pull =
        PullDueRequest.newBuilder()
            .addQueues("pulled")
            .setMaxJobs(7)
            .setWaitTime(Durations.fromSeconds(60))
            .build();
    ListenableFuture<PullDueResponse> answer =
        SchedulerServiceGrpc.newFutureStub(service.channel()).pullDue(pull);
    await("the pull").atMost(TIMEOUT).until(() -> value("dueline_watchers{queue=\"pulled\"}") == 1);
    await("its credit").atMost(TIMEOUT).until(() -> value("dueline_credit{queue=\"pulled\"}") == 7);
    answer.cancel(true);
    await("its end").atMost(TIMEOUT).until(() -> value("dueline_watchers{queue=\"pulled\"}") < 1);
  }

  @Test
  void aThousandQueuesDoNotMakeAThousandSeries() {
    for (int i = 0; i < 60; i++) {
      schedule("q-" + i, "job", 3_600_000);
    }
    await("the others")
        .atMost(TIMEOUT)
        .until(() -> value("dueline_jobs{queue=\"(other)\",state=\"pending\"}") == 57);
    assertThat(series("dueline_jobs{")).isEqualTo(4 * 4);
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
        WatchDueRequest.newBuilder()
            .addQueues("busy")
            .setMaxOutstandingJobs(100)
            // They are all to be leased at the same moment.
            .setLeaseDuration(Durations.fromMinutes(10))
            .build();
    assertThat(calls().watchDue(watch).next().hasStarted()).isTrue();
    for (int i = 0; i < 40; i++) {
      schedule("busy", "job-" + i, 0);
    }
    await("a label")
        .atMost(TIMEOUT)
        .until(() -> value("dueline_jobs{queue=\"busy\",state=\"leased\"}") == 40);
    await("only three labels, and the others'")
        .atMost(TIMEOUT)
        .until(() -> series("dueline_jobs{") == 4 * 4);
    await("its watcher")
        .atMost(TIMEOUT)
        .until(() -> value("dueline_watchers{queue=\"busy\"}") == 1);
    await("as many series of what was dispatched")
        .atMost(TIMEOUT)
        .until(() -> series("dueline_jobs_dispatched_total") == 4);
  }

  private static String ahead(String queue, String window) {
    return "dueline_jobs_ahead{queue=\"%s\",window=\"%s\"}".formatted(queue, window);
  }

  /** One job that is done, and one that waits. */
  private void work(String queue) {
    WatchDueRequest watch =
        WatchDueRequest.newBuilder().addQueues(queue).setMaxOutstandingJobs(1).build();
    Iterator<WatchDueResponse> events = calls().watchDue(watch);
    assertThat(events.next().hasStarted()).isTrue();
    schedule(queue, "now", 0);
    schedule(queue, "later", 3_600_000);
    WatchDueResponse event = events.next();
    while (!event.hasDueJobs()) {
      event = events.next();
    }
    DueJob job = event.getDueJobs().getJobs(0);
    var acked = calls().ack(AckRequest.newBuilder().addLeaseTokens(job.getLeaseToken()).build());
  }

  /** Calls, and streams that no test outlives. */
  private SchedulerServiceBlockingStub calls() {
    return service.calls().withDeadlineAfter(180, TimeUnit.SECONDS);
  }

  private void schedule(String queue, String id, long delayMs) {
    var scheduled =
        calls()
            .schedule(
                ScheduleRequest.newBuilder()
                    .setQueue(queue)
                    .setJobId(id)
                    .setDelay(Durations.fromMillis(delayMs))
                    .build());
  }

  private long series(String beginning) {
    return page().lines().filter(line -> line.startsWith(beginning)).count();
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
