package dev.dueline.grpc.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.dueline.delivery.time.EventLoop;
import dev.dueline.grpc.ManualLoop;
import dev.dueline.grpc.Rejection;
import dev.dueline.grpc.TestLimits;
import dev.dueline.grpc.TestService;
import dev.dueline.job.JobId;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.failure.StoreFullException;
import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.v1.BatchCancelRequest;
import dev.dueline.v1.BatchScheduleRequest;
import dev.dueline.v1.BatchScheduleResult;
import dev.dueline.v1.CancelOutcome;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.Recurrence;
import dev.dueline.v1.ScheduleRequest;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** BatchSchedule, Cancel and BatchCancel, over a real channel and four shards. */
class BatchTest {
  private static final EventLoop NO_LOOP = new ManualLoop();

  private final TestService service = new TestService(TestLimits.DEFAULTS, 4, NO_LOOP);

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void aThousandJobsAreStoredInOrder() {
    List<BatchScheduleResult> results =
        schedule(IntStream.range(0, 1_000).mapToObj(i -> job("q", "j" + i)).toList());
    assertThat(results).hasSize(1_000);
    for (int i = 0; i < results.size(); i++) {
      assertThat(results.get(i).getResponse().getJobId()).isEqualTo("j" + i);
    }
  }

  @Test
  void aBatchHasOneToAThousandItems() {
    assertThat(Rejection.of(() -> schedule(List.of())).fields()).containsExactly("requests");
    List<ScheduleRequest> many = Collections.nCopies(1_001, job("q", ""));
    assertThat(Rejection.of(() -> schedule(many)).code()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(Rejection.of(() -> cancel(List.of())).fields()).containsExactly("requests");
    List<CancelRequest> manyCancels = Collections.nCopies(1_001, cancelOf("q", "j", false));
    assertThat(Rejection.of(() -> cancel(manyCancels)).fields()).containsExactly("requests");
  }

  @Test
  void eachItemIsOnItsOwn() {
    schedule(List.of(job("q", "taken")));
    ScheduleRequest recurring =
        job("q", "r").toBuilder().setRecurrence(Recurrence.getDefaultInstance()).build();
    ScheduleRequest other = job("q", "taken").toBuilder().putAttributes("a", "b").build();
    List<BatchScheduleResult> results =
        schedule(List.of(job("q", "a"), job("", "b"), recurring, other, job("p", "c")));
    assertThat(results.get(0).getResponse().getJobId()).isEqualTo("a");
    expect(results.get(1), Code.INVALID_ARGUMENT, "INVALID_REQUEST");
    assertThat(results.get(1).getError().getMessage()).startsWith("queue: must");
    expect(results.get(2), Code.INVALID_ARGUMENT, "INVALID_REQUEST");
    expect(results.get(3), Code.ALREADY_EXISTS, "JOB_EXISTS");
    assertThat(results.get(4).getResponse().getJobId()).isEqualTo("c");
  }

  @Test
  void aShardThatFailsFailsItsItemsOnly() {
    QueueName queue = new QueueName("q");
    Shard down = new Shard(queue, 1);
    Shard full = new Shard(queue, 2);
    service.store.failingShards.put(down, new StoreUnavailableException("down", null));
    service.store.failingShards.put(full, new StoreFullException("full", null));
    service.store.failingQueues.put(
        new QueueName("p"), new StoreUnavailableException("down", null));
    List<ScheduleRequest> jobs =
        IntStream.range(0, 400).mapToObj(i -> job(i % 10 == 0 ? "p" : "q", "j" + i)).toList();
    List<BatchScheduleResult> results = schedule(jobs);
    QueueLayout layout = new QueueLayout(queue, 4);
    for (int i = 0; i < jobs.size(); i++) {
      Shard shard = layout.shardOf(new JobId(jobs.get(i).getJobId()));
      if (jobs.get(i).getQueue().equals("p") || shard.place().equals(down)) {
        expect(results.get(i), Code.UNAVAILABLE, "REDIS_UNAVAILABLE");
      } else if (shard.place().equals(full)) {
        expect(results.get(i), Code.RESOURCE_EXHAUSTED, "REDIS_OUT_OF_MEMORY");
      } else {
        assertThat(results.get(i).hasResponse()).isTrue();
      }
    }
  }

  @Test
  void cancelIsAVerdict() {
    schedule(List.of(job("q", "waiting"), job("q", "held")));
    assertThat(cancel("q", "waiting", false)).isEqualTo(CancelOutcome.CANCEL_OUTCOME_CANCELED);
    assertThat(cancel("q", "waiting", false)).isEqualTo(CancelOutcome.CANCEL_OUTCOME_NOT_FOUND);
    assertThat(cancel("never", "j", false)).isEqualTo(CancelOutcome.CANCEL_OUTCOME_NOT_FOUND);
    assertThat(service.store.queues).doesNotContainKey(new QueueName("never"));
    LeaseToken token = service.lease("q", 10).get(0).token();
    assertThat(cancel("q", "held", false)).isEqualTo(CancelOutcome.CANCEL_OUTCOME_LEASED);
    assertThat(service.told).isEmpty();
    assertThat(cancel("q", "held", true)).isEqualTo(CancelOutcome.CANCEL_OUTCOME_CANCELED);
    assertThat(service.told).containsExactly(token);
  }

  @Test
  void manyAreCanceledInOrder() {
    schedule(IntStream.range(0, 500).mapToObj(i -> job("q", "j" + i)).toList());
    List<CancelRequest> requests =
        IntStream.range(0, 1_000)
            .mapToObj(i -> cancelOf(i % 3 == 0 ? "never" : "q", "j" + i, true))
            .toList();
    List<CancelOutcome> outcomes = cancel(requests);
    for (int i = 0; i < outcomes.size(); i++) {
      assertThat(outcomes.get(i))
          .isEqualTo(
              i % 3 != 0 && i < 500
                  ? CancelOutcome.CANCEL_OUTCOME_CANCELED
                  : CancelOutcome.CANCEL_OUTCOME_NOT_FOUND);
    }
  }

  @Test
  void aLeaseThatEndedIsToldAlsoIfAnotherShardFails() {
    schedule(IntStream.range(0, 40).mapToObj(i -> job("q", "j" + i)).toList());
    List<Delivery> held = service.lease("q", 40);
    Shard down = new Shard(new QueueName("q"), 1);
    service.store.failingShards.put(down, new StoreUnavailableException("down", null));
    List<CancelRequest> all =
        IntStream.range(0, 40).mapToObj(i -> cancelOf("q", "j" + i, true)).toList();
    assertThat(Rejection.of(() -> cancel(all)).reason()).isEqualTo("REDIS_UNAVAILABLE");
    assertThat(service.told)
        .isNotEmpty()
        .isSubsetOf(held.stream().map(Delivery::token).toList())
        .noneMatch(token -> token.shard().equals(down));
  }

  @Test
  void oneInvalidItemFailsTheWholeCancel() {
    schedule(List.of(job("q", "j")));
    List<CancelRequest> requests =
        List.of(cancelOf("q", "j", false), cancelOf("", "j", false), cancelOf("q", "", false));
    assertThat(Rejection.of(() -> cancel(requests)).fields())
        .containsExactly("requests[1].queue", "requests[2].job_id");
    assertThat(cancel("q", "j", false)).isEqualTo(CancelOutcome.CANCEL_OUTCOME_CANCELED);
  }

  @Test
  void aStatusFitsInAHeaderHoweverMuchIsWrong() {
    List<CancelRequest> requests = Collections.nCopies(1_000, cancelOf("", "", false));
    Rejection rejection = Rejection.of(() -> cancel(requests));
    assertThat(rejection.code()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(rejection.fields()).startsWith("requests[0].queue", "requests[0].job_id");
    int leftOut = Integer.parseInt(rejection.info().getMetadataOrThrow("violations_left_out"));
    assertThat(rejection.fields()).hasSize(2_000 - leftOut);
  }

  private List<BatchScheduleResult> schedule(List<ScheduleRequest> requests) {
    BatchScheduleRequest batch = BatchScheduleRequest.newBuilder().addAllRequests(requests).build();
    return service.client().batchSchedule(batch).getResultsList();
  }

  private List<CancelOutcome> cancel(List<CancelRequest> requests) {
    BatchCancelRequest batch = BatchCancelRequest.newBuilder().addAllRequests(requests).build();
    return service.client().batchCancel(batch).getOutcomesList();
  }

  private CancelOutcome cancel(String queue, String id, boolean cancelLeased) {
    return service.client().cancel(cancelOf(queue, id, cancelLeased)).getOutcome();
  }

  private static void expect(BatchScheduleResult result, Code code, String reason) {
    assertThat(result.getError().getCode()).isEqualTo(code.getNumber());
    assertThat(result.getError().getReason()).isEqualTo(reason);
    assertThat(result.getError().getMessage()).isNotEmpty();
  }

  private static ScheduleRequest job(String queue, String id) {
    return ScheduleRequest.newBuilder().setQueue(queue).setJobId(id).build();
  }

  private static CancelRequest cancelOf(String queue, String id, boolean cancelLeased) {
    return CancelRequest.newBuilder()
        .setQueue(queue)
        .setJobId(id)
        .setCancelLeased(cancelLeased)
        .build();
  }
}
