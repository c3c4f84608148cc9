package dev.dueline.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.system.process.ServiceProcess;
import dev.dueline.v1.JobState;
import dev.dueline.v1.ListJobsRequest;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every scenario, small, against the packaged service: its counts add up, and nothing is left. */
class BenchIT {
  private static ServiceProcess service;

  @BeforeAll
  static void start(@TempDir Path data) {
    // Redis may stand still for a moment with its machine.
    service =
        ServiceProcess.start("dueline.embedded.data-dir=" + data, "dueline.store.timeout=30s");
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void emptyMakesItsCalls() {
    JsonObject figures = bench("empty --jobs 300 --warm-up 20");
    assertThat(figures.getInteger("calls")).isEqualTo(300);
  }

  @Test
  void scheduleLeavesNothing() {
    JsonObject figures = bench("schedule --jobs 300 --warm-up 20 --connections 2");
    assertThat(figures.getInteger("jobs")).isEqualTo(300);
    assertNothingIsLeft(figures, "");
  }

  @Test
  void batchFillsItsCallsAndLeavesNothing() {
    JsonObject figures = bench("batch --jobs 900 --batch 250 --warm-up 100");
    assertThat(figures.getInteger("jobs")).isEqualTo(900);
    assertThat(figures.getInteger("calls")).isEqualTo(4);
    assertNothingIsLeft(figures, "");
  }

  @Test
  void deliverGetsItsOwnJobsOnly() {
    JsonObject figures = bench("deliver --jobs 500 --warm-up 100 --lead 3s");
    assertThat(figures.getInteger("jobs")).isEqualTo(500);
    assertThat(figures.getInteger("foreign")).isZero();
    assertNothingIsLeft(figures, "");
  }

  @Test
  void latenessSeesNoJobEarly() {
    JsonObject figures = bench("lateness --rate 200 --duration 1s --warm-up 50 --lead 3s");
    assertThat(figures.getInteger("jobs")).isEqualTo(200);
    assertThat(figures.getInteger("early")).isZero();
    assertNothingIsLeft(figures, "");
  }

  @Test
  void memoryFindsWhatAJobTakes() {
    String page = "http://127.0.0.1:" + service.managementPort() + "/q/metrics";
    JsonObject figures = bench("memory --jobs 5000 --metrics-interval 2s --metrics-url " + page);
    assertThat(figures.getInteger("jobs")).isEqualTo(5_000);
    assertThat(figures.getDouble("overhead_bytes_per_job")).isBetween(1.0, 2_000.0);
    assertNothingIsLeft(figures, "");
  }

  @Test
  void burstMeasuresBothQueues() {
    JsonObject figures = bench("burst --jobs 500 --warm-up 100 --lead 3s");
    assertThat(figures.getInteger("jobs")).isEqualTo(500);
    assertThat(figures.getInteger("before_jobs")).isEqualTo(100);
    assertThat(figures.getInteger("early")).isZero();
    assertThat(figures.getInteger("steady_foreign")).isZero();
    assertNothingIsLeft(figures, "");
    assertNothingIsLeft(figures, "-steady");
  }

  @Test
  void mixedAccountsForEachJob() {
    JsonObject figures = bench("mixed --jobs 500 --warm-up 100 --max-delay 300ms");
    assertThat(figures.getInteger("scheduled")).isEqualTo(500);
    assertThat(figures.getInteger("acked") + figures.getInteger("canceled")).isEqualTo(500);
    assertNothingIsLeft(figures, "");
  }

  private static JsonObject bench(String line) {
    return Benchmark.of(service, line);
  }

  /** Looks into the queue of a run, or into one beside it. */
  private static void assertNothingIsLeft(JsonObject figures, String suffix) {
    String queue = figures.getString("queue") + suffix;
    for (JobState state : new JobState[] {JobState.JOB_STATE_PENDING, JobState.JOB_STATE_LEASED}) {
      ListJobsRequest request =
          ListJobsRequest.newBuilder().setQueue(queue).setState(state).build();
      assertThat(service.calls().listJobs(request).getJobsList()).isEmpty();
    }
  }
}
