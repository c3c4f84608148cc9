package dev.dueline.grpc.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import com.google.rpc.Code;
import dev.dueline.grpc.ManualLoop;
import dev.dueline.grpc.QueueCalls;
import dev.dueline.grpc.Rejection;
import dev.dueline.grpc.TestLimits;
import dev.dueline.grpc.TestService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Queues that are deleted, over a real channel. */
class DeleteQueueTest {
  private final TestService service = new TestService(TestLimits.DEFAULTS, 4, new ManualLoop());

  private final QueueCalls calls = new QueueCalls(service);

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void aQueueThatIsNotEmptyIsDeletedByForceOnly() {
    calls.schedule("q", 8, Durations.ZERO);
    calls.kill(service.lease("q", 1).subList(0, 2));
    Rejection rejection = Rejection.of(() -> calls.delete("q", false));
    assertThat(rejection.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(rejection.reason()).isEqualTo("QUEUE_NOT_EMPTY");
    assertThat(rejection.info().getMetadataMap())
        .containsEntry("queue", "q")
        .containsEntry("pending_jobs", Long.toString(8 - leasedOf("q") - 2))
        .containsEntry("leased_jobs", Long.toString(leasedOf("q")))
        .containsEntry("dead_jobs", "2");
    assertThat(calls.delete("q", true)).isEqualTo(8);
    assertThat(Rejection.of(() -> calls.queue("q")).reason()).isEqualTo("QUEUE_NOT_FOUND");
    calls.schedule("q", 1, Durations.ZERO);
    assertThat(calls.queue("q").getStats().getScheduledTotal()).isEqualTo(1);
  }

  private long leasedOf(String queue) {
    return calls.queue(queue).getStats().getLeasedJobs();
  }
}
