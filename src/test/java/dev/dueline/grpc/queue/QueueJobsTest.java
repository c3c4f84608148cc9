package dev.dueline.grpc.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import dev.dueline.grpc.ManualLoop;
import dev.dueline.grpc.QueueCalls;
import dev.dueline.grpc.Rejection;
import dev.dueline.grpc.TestLimits;
import dev.dueline.grpc.TestService;
import dev.dueline.job.lease.Delivery;
import dev.dueline.v1.PurgeQueueResponse;
import dev.dueline.v1.PurgeState;
import dev.dueline.v1.RedriveDeadJobsRequest;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** PurgeQueue and RedriveDeadJobs over a real channel. */
class QueueJobsTest {
  private static final int SHARDS = 4;

  private final TestService service =
      new TestService(TestLimits.DEFAULTS, SHARDS, new ManualLoop());

  private final QueueCalls calls = new QueueCalls(service);

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void purgeDeletesAllOfOneState() {
    calls.schedule("q", 500, Durations.ZERO);
    calls.kill(service.lease("q", 20));
    long dead = 20 * SHARDS;
    long pending = 500 - dead;
    assertThat(calls.queue("q").getStats().getDeadJobs()).isEqualTo(dead);

    PurgeQueueResponse last = calls.purge("q", PurgeState.PURGE_STATE_PENDING);
    assertThat(last.getPurgedJobs()).isEqualTo(pending);
    assertThat(last.getRemainingJobs()).isZero();
    assertThat(calls.queue("q").getStats().getPendingJobs()).isZero();
    assertThat(calls.queue("q").getStats().getDeadJobs()).isEqualTo(dead);

    assertThat(calls.purge("q", PurgeState.PURGE_STATE_DEAD).getPurgedJobs()).isEqualTo(dead);
    assertThat(calls.queue("q").getStats().getDeadJobs()).isZero();
    assertThat(calls.purge("q", PurgeState.PURGE_STATE_DEAD).getPurgedJobs()).isZero();
  }

  @Test
  void purgeWithoutAStateIsRefused() {
    calls.schedule("q", 1, Durations.ZERO);
    assertThat(Rejection.of(() -> calls.purge("q", PurgeState.PURGE_STATE_UNSPECIFIED)).fields())
        .containsExactly("state");
  }

  @Test
  void deadJobsAreMadeDueWithTheirAttemptsForgotten() {
    calls.schedule("q", 400, Durations.ZERO);
    calls.kill(service.lease("q", 400));
    assertThat(calls.queue("q").getStats().getDeadJobs()).isEqualTo(400);
    assertThat(calls.redrive(RedriveDeadJobsRequest.newBuilder().setQueue("q"))).isEqualTo(400);
    assertThat(calls.queue("q").getStats().getDeadJobs()).isZero();
    assertThat(service.lease("q", 400)).hasSize(400).allMatch(job -> job.attempt() == 1);
  }

  @Test
  void onlyNamedDeadJobsAreMadeDueAndSpreadOverATime() {
    calls.schedule("q", 40, Durations.ZERO);
    List<Delivery> all = service.lease("q", 40);
    calls.kill(all.subList(0, 30));
    List<String> ids = all.stream().limit(20).map(job -> job.job().id().value()).toList();
    Duration spread = Durations.fromSeconds(100);
    RedriveDeadJobsRequest.Builder request =
        RedriveDeadJobsRequest.newBuilder()
            .setQueue("q")
            .addAllJobIds(ids)
            .addJobIds(all.get(35).job().id().value())
            .addJobIds("never-was")
            .setSpread(spread);
    assertThat(calls.redrive(request)).isEqualTo(20);
    assertThat(calls.queue("q").getStats().getDeadJobs()).isEqualTo(10);
    long dueAtOnce = calls.queue("q").getStats().getDueJobs();
    assertThat(dueAtOnce).isBetween(1L, 4L);
    service.store.nowMs.addAndGet(50_000);
    long ranOut = 10;
    assertThat(calls.queue("q").getStats().getDueJobs() - ranOut).isBetween(8L, 12L);
    service.store.nowMs.addAndGet(50_000);
    assertThat(calls.queue("q").getStats().getDueJobs() - ranOut).isEqualTo(20);
  }
}
