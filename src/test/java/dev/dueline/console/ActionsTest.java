package dev.dueline.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.JobView;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.QueueName;
import dev.dueline.operation.queue.QueueView;
import dev.dueline.store.queue.ShardStats;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What each form does, and what it refuses. */
class ActionsTest {
  private static final QueueName QUEUE = new QueueName("q/1");

  private TestConsole console;

  @BeforeEach
  void start() {
    console = TestConsole.open();
    for (String id : List.of("a", "b", "c")) {
      console.schedule(QUEUE.value(), NewJob.of(new JobId(id), new Due.After(60_000), new byte[0]));
    }
  }

  @AfterEach
  void stop() {
    console.close();
  }

  @Test
  void aJobIsCanceled() {
    assertThat(post("/job/cancel", "id", "a"))
        .isEqualTo("/jobs?queue=q%2F1&notice=canceled&number=1");
    assertThat(job("a")).isEmpty();
    assertThat(refused("/job/cancel", "id", "a")).isEqualTo(404);
  }

  @Test
  void chosenJobsAreCanceled() {
    assertThat(post("/jobs/cancel", "id", "a", "id", "c", "id", "missing")).endsWith("number=2");
    assertThat(job("b")).isPresent();
  }

  @Test
  void noMoreJobsThanMayBeAreChosen() {
    List<String> fields = new ArrayList<>(List.of("queue", QUEUE.value()));
    for (int i = 0; i < 1_001; i++) {
      fields.addAll(List.of("id", "n" + i));
    }
    assertThat(console.post("/jobs/cancel", fields).statusCode()).isEqualTo(400);
    assertThat(refused("/jobs/cancel")).isEqualTo(400);
  }

  @Test
  void jobsAreMoved() {
    long nowMs = console.store.nowMs.get();
    post("/job/run", "id", "a");
    post("/job/reschedule", "id", "b", "delay", "1h30m");
    post("/job/reschedule", "id", "c", "due", "2030-01-02T03:04");
    assertThat(job("a").orElseThrow().dueMs()).isEqualTo(nowMs);
    assertThat(job("b").orElseThrow().dueMs()).isEqualTo(nowMs + 5_400_000);
    assertThat(job("c").orElseThrow().dueMs()).isEqualTo(1_893_553_440_000L);
    post("/jobs/run", "id", "b", "id", "c");
    assertThat(job("c").orElseThrow().dueMs()).isEqualTo(nowMs);
    assertThat(refused("/job/reschedule", "id", "a")).isEqualTo(422);
    for (String delay : List.of("soon", "12d")) {
      assertThat(refused("/job/reschedule", "id", "a", "delay", delay)).isEqualTo(422);
    }
  }

  @Test
  void aQueueIsHeldBackAndLimited() {
    post("/queue/pause");
    assertThat(queue().isPaused()).isTrue();
    post("/queue/resume");
    assertThat(queue().isPaused()).isFalse();
    post("/queue/limits", "rate", "2.5", "outstanding", "10", "pending", "");
    assertThat(queue().limits()).isEqualTo(new QueueLimits(2.5, 10, 0));
    for (String rate : List.of("-1", "0.0001", "1000001")) {
      assertThat(refused("/queue/limits", "rate", rate)).isEqualTo(422);
    }
    assertThat(refused("/queue/limits", "outstanding", "1")).isEqualTo(422);
  }

  @Test
  void whatDestroysWantsTheNameOfTheQueue() {
    assertThat(refused("/queue/purge", "state", "pending", "confirm", "q")).isEqualTo(422);
    assertThat(refused("/queue/delete", "force", "on")).isEqualTo(422);
    assertThat(refused("/queue/delete", "confirm", "q/1")).isEqualTo(409);
    assertThat(queue().sum(ShardStats::pending)).isEqualTo(3);
  }

  @Test
  void aPurgeEndsAndSaysHowFarItCame() {
    console.bury(QUEUE.value(), "d");
    assertThat(console.get("/queue?queue=q%2F1").body()).doesNotContain("pending jobs are deleted");
    assertThat(post("/queue/purge", "state", "pending", "confirm", "q/1"))
        .isEqualTo("/queue?queue=q%2F1&notice=purging&number=0");
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(console.get("/queue?queue=q%2F1").body())
                    .contains("3 pending jobs are deleted"));
    assertThat(queue().sum(ShardStats::pending)).isZero();
    assertThat(job("d")).as("a dead job").isPresent();
  }

  @Test
  void aQueueIsDeletedWithItsJobs() {
    assertThat(post("/queue/delete", "confirm", "q/1", "force", "on"))
        .isEqualTo("/?notice=deleted&number=3");
    assertThat(console.get("/queue?queue=q%2F1").statusCode()).isEqualTo(404);
  }

  @Test
  void deadJobsAreRedriven() {
    for (String id : List.of("d", "e", "f")) {
      console.bury(QUEUE.value(), id);
    }
    assertThat(post("/dead/redrive", "id", "e", "id", "missing"))
        .isEqualTo("/dead?queue=q%2F1&notice=redriven&number=1");
    assertThat(job("e").orElseThrow().dueMs()).isEqualTo(console.store.nowMs.get());
    assertThat(job("d").orElseThrow().state()).isEqualTo(JobState.DEAD);
    assertThat(post("/dead/redrive", "all", "on", "spread", "10m")).endsWith("number=2");
    for (String id : List.of("d", "f")) {
      JobView redriven = job(id).orElseThrow();
      assertThat(redriven.state()).isEqualTo(JobState.PENDING);
      assertThat(redriven.dueMs() - console.store.nowMs.get()).isBetween(0L, 600_000L);
    }
    assertThat(refused("/dead/redrive")).isEqualTo(400);
    assertThat(refused("/dead/redrive", "all", "on", "spread", "12d")).isEqualTo(422);
  }

  @Test
  void aJobIsScheduledByItsForm() {
    post(
        "/schedule",
        "id",
        "new",
        "delay",
        "5m",
        "payload",
        "{}",
        "attributes",
        "a=b\nc = d=e",
        "max_attempts",
        "3",
        "ttl",
        "1h");
    JobView job = job("new").orElseThrow();
    assertThat(job.state()).isEqualTo(JobState.PENDING);
    assertThat(job.job().attributes()).containsEntry("a", "b").containsEntry("c", "d=e");
    assertThat(job.job().effectiveRetryPolicy().maxAttempts()).isEqualTo(3);
    assertThat(job.job().ttlMs()).isEqualTo(3_600_000);
    post("/schedule", "id", "nightly", "cron", "0 3 * * *", "zone", "Europe/Berlin");
    assertThat(job("nightly").orElseThrow().job().series()).isNotNull();
  }

  @Test
  void aFormThatIsWrongComesAgainWithWhatWasTyped() {
    HttpResponse<String> page =
        console.post(
            "/schedule",
            List.of(
                "queue", "q/1", "cron", "61 * * * *", "payload", "kept", "ttl", "x", "id", "z"));
    assertThat(page.statusCode()).isEqualTo(422);
    assertThat(page.body()).contains("kept", "61 * * * *");
    assertThat(job("z")).isEmpty();
    assertThat(
            console
                .post("/schedule", List.of("queue", "q/1", "id", "a", "payload", "other"))
                .statusCode())
        .isEqualTo(422);
  }

  @Test
  void allBadLinesAreOneError() {
    HttpResponse<String> page =
        console.post("/schedule", form("attributes", "\na=1\nb".repeat(50_000)));
    assertThat(page.statusCode()).isEqualTo(422);
    assertThat(page.body().split("must be lines of name=value", -1)).hasSize(3);
  }

  @Test
  void anAttributeHasAName() {
    assertThat(refused("/schedule", "id", "new", "attributes", " =x")).isEqualTo(422);
  }

  @Test
  void aFormForNoQueueIsNotShownAgain() {
    HttpResponse<String> page =
        console.post("/schedule", List.of("queue", "no queue", "payload", "typed"));
    assertThat(page.statusCode()).isEqualTo(400);
    assertThat(page.body()).doesNotContain("typed");
  }

  private String post(String path, String... fields) {
    HttpResponse<String> answer = console.post(path, form(fields));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
    return answer.headers().firstValue("Location").orElseThrow();
  }

  private int refused(String path, String... fields) {
    return console.post(path, form(fields)).statusCode();
  }

  private static List<String> form(String... fields) {
    List<String> all = new ArrayList<>(List.of("queue", QUEUE.value()));
    all.addAll(List.of(fields));
    return all;
  }

  private Optional<JobView> job(String id) {
    return console.jobs.jobs().find(QUEUE, new JobId(id)).await().indefinitely();
  }

  private QueueView queue() {
    return console.queues.queues().find(QUEUE).await().indefinitely();
  }
}
