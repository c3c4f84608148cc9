package dev.dueline.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.util.Durations;
import dev.dueline.v1.ExtendLeaseRequest;
import dev.dueline.v1.ExtendLeaseResponse;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.NackRequest;
import dev.dueline.v1.NackResponse;
import dev.dueline.v1.ScheduleRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class ConnectionTest {
  private ScriptedScheduler service;
  private Connection connection;

  @BeforeEach
  void start() throws IOException {
    service = new ScriptedScheduler();
    connection = service.connect();
  }

  @AfterEach
  void close() throws InterruptedException {
    connection.close();
    service.close();
  }

  @Test
  void endsACallThatIsNotAnsweredInTime() {
    service.on("Schedule", (request, response) -> {});
    try (Connection hasty = service.connect(Duration.ofMillis(100))) {
      assertThatThrownBy(() -> hasty.unary().schedule(ScheduleRequest.getDefaultInstance()))
          .hasMessageStartingWith("DEADLINE_EXCEEDED");
    }
  }

  @Test
  void givesJobsBackAsIfTheyHadNotBeenDelivered() {
    service.<NackRequest>reply(
        "Nack",
        request -> NackResponse.newBuilder().addOutcomes(LeaseOutcome.LEASE_OUTCOME_OK).build());
    assertThat(new Leases(connection).giveBack(List.of(Events.job("a"))))
        .containsExactly(LeaseOutcome.LEASE_OUTCOME_OK);
    assertThat(service.requests(NackRequest.class))
        .containsExactly(
            NackRequest.newBuilder()
                .addLeaseTokens("token-a")
                .setUncounted(true)
                .setDelay(com.google.protobuf.Duration.getDefaultInstance())
                .build());
  }

  @Test
  void extendsLeasesFromNow() {
    service.<ExtendLeaseRequest>reply(
        "ExtendLease", request -> ExtendLeaseResponse.getDefaultInstance());
    new Leases(connection).extend(List.of("token-a", "token-b"), Duration.ofMillis(1_500));
    assertThat(service.requests(ExtendLeaseRequest.class))
        .containsExactly(
            ExtendLeaseRequest.newBuilder()
                .addLeaseTokens("token-a")
                .addLeaseTokens("token-b")
                .setLeaseDuration(Durations.fromMillis(1_500))
                .build());
  }

  @Test
  void refusesATokenThatCannotStandInAHeader() {
    assertThatThrownBy(
            () ->
                new ConnectionSettings(
                    new ServerAddress("127.0.0.1", 9000),
                    Duration.ofSeconds(1),
                    Optional.empty(),
                    "two words"))
        .hasMessage("the token has characters that no token has");
  }
}
