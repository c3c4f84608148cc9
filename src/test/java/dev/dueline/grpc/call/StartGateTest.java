package dev.dueline.grpc.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.access.Principal;
import dev.dueline.access.Usage;
import dev.dueline.grpc.TestService;
import dev.dueline.grpc.failure.FailureDetails;
import dev.dueline.v1.GetJobRequest;
import dev.dueline.v1.ScheduleRequest;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Before the start is over nobody is asked who they are, and nothing is carried out. */
class StartGateTest {
  private static final ScheduleRequest SCHEDULE =
      ScheduleRequest.newBuilder().setQueue("q").setJobId("j").build();

  private final AtomicInteger asked = new AtomicInteger();
  private final StartGate gate = new StartGate();
  private final AccessControl access =
      new AccessControl(
          credentials -> {
            asked.incrementAndGet();
            return Optional.of(Principal.ANYBODY);
          },
          new Usage(System::nanoTime),
          new Standstill());

  @Test
  void refusesCallsUntilItIsOpened() {
    try (TestService service = new TestService(access, gate)) {
      assertThatThrownBy(() -> service.client().schedule(SCHEDULE))
          .hasMessageStartingWith("UNAVAILABLE: This replica is starting");
      assertThat(asked).hasValue(0);

      gate.open();
      service.client().schedule(SCHEDULE);
      GetJobRequest get = GetJobRequest.newBuilder().setQueue("q").setJobId("j").build();
      assertThat(service.client().getJob(get).getJob().getJobId()).isEqualTo("j");
      assertThat(asked).hasValue(2);
    }
  }

  @Test
  void standsBetweenWhatTellsFailuresAndWhatAsksWhoCalls() {
    assertThat(gate.getPriority())
        .isLessThan(new FailureDetails().getPriority())
        .isGreaterThan(access.getPriority());
  }
}
