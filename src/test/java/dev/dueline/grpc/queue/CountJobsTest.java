package dev.dueline.grpc.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import dev.dueline.grpc.ManualLoop;
import dev.dueline.grpc.QueueCalls;
import dev.dueline.grpc.Rejection;
import dev.dueline.grpc.TestLimits;
import dev.dueline.grpc.TestService;
import dev.dueline.operation.TestStore;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Numbers of jobs between times, over a real channel. */
class CountJobsTest {
  private final TestService service = new TestService(TestLimits.DEFAULTS, 4, new ManualLoop());

  private final QueueCalls calls = new QueueCalls(service);

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void countsJobsBetweenTimesOverAllShards() {
    calls.schedule("q", 30, Durations.ZERO);
    calls.schedule("q", 12, Durations.fromSeconds(60), "later-");
    long now = TestStore.START_MS;
    assertThat(calls.count("q", now + 1_000, now + 60_000)).containsExactly(30L, 0L, 12L);
    assertThat(calls.count("q")).containsExactly(42L);
  }

  @Test
  void boundariesOfACountAreInOrderAndAtMostAHundred() {
    calls.schedule("q", 1, Durations.ZERO);
    assertThat(calls.count("q", LongStream.rangeClosed(1, 100).toArray())).hasSize(101);
    assertThat(
            Rejection.of(() -> calls.count("q", LongStream.rangeClosed(1, 101).toArray())).fields())
        .containsExactly("boundaries");
    assertThat(Rejection.of(() -> calls.count("q", 1, 3, 3, 2)).fields())
        .containsExactly("boundaries[2]", "boundaries[3]");
  }
}
