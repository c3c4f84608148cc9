package dev.dueline.grpc.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.Duration;
import dev.dueline.grpc.Rejection;
import dev.dueline.grpc.TestLimits;
import dev.dueline.grpc.failure.GrpcFailures;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.DisconnectPolicy;
import dev.dueline.v1.ExtendLeaseRequest;
import dev.dueline.v1.NackRequest;
import dev.dueline.v1.PullDueRequest;
import dev.dueline.v1.WatchDueRequest;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each limit of the requests on deliveries, at its edge and just beyond. */
class LeaseChecksTest {
  private static final LeaseChecks CHECKS = new LeaseChecks(TestLimits.DEFAULTS);
  private static final long TWELVE_HOURS_S = 43_200;

  static Stream<Arguments> watches() {
    return Stream.of(
        watch("", r -> {}),
        watch("", r -> r.clearQueues().addAllQueues(queues(64))),
        watch("queues", r -> r.clearQueues().addAllQueues(queues(65))),
        watch("queues", r -> r.clearQueues()),
        watch("queues[1]", r -> r.addQueues("")),
        watch("queues[1]", r -> r.addQueues("q")),
        watch("", r -> r.setWatcherId("é".repeat(64))),
        watch("watcher_id", r -> r.setWatcherId("é".repeat(64) + "x")),
        watch("watcher_id", r -> r.setWatcherId("a\tb")),
        watch("auto_extend", r -> r.setAutoAck(true).setAutoExtend(true)),
        watch(
            "disconnect_policy",
            r ->
                r.setAutoAck(true).setDisconnectPolicy(DisconnectPolicy.DISCONNECT_POLICY_RELEASE)),
        watch(
            "",
            r ->
                r.setAutoAck(true)
                    .setDisconnectPolicy(DisconnectPolicy.DISCONNECT_POLICY_KEEP_LEASE)),
        watch("", r -> r.setMaxOutstandingJobs(1)),
        watch("", r -> r.setMaxOutstandingJobs(10_000)),
        watch("max_outstanding_jobs", r -> r.setMaxOutstandingJobs(-1)),
        watch("max_outstanding_jobs", r -> r.setMaxOutstandingJobs(10_001)),
        watch("", r -> r.setLeaseDuration(duration(1, 0))),
        watch("", r -> r.setLeaseDuration(duration(TWELVE_HOURS_S, 0))),
        watch("lease_duration", r -> r.setLeaseDuration(duration(0, 999_999_999))),
        watch("lease_duration", r -> r.setLeaseDuration(duration(TWELVE_HOURS_S, 1))),
        watch("lease_duration", r -> r.setLeaseDuration(duration(1, -1))),
        watch("disconnect_policy", r -> r.setDisconnectPolicyValue(3)),
        watch("", r -> r.setHeartbeatInterval(duration(1, 0))),
        watch("", r -> r.setHeartbeatInterval(duration(60, 0))),
        watch("heartbeat_interval", r -> r.setHeartbeatInterval(duration(0, 999_999_999))),
        watch("heartbeat_interval", r -> r.setHeartbeatInterval(duration(60, 1))));
  }

  static Stream<Arguments> pulls() {
    return Stream.of(
        pull("", r -> {}),
        pull("queues", r -> r.clearQueues()),
        pull("queues[1]", r -> r.addQueues("q")),
        pull("", r -> r.setMaxJobs(1_000)),
        pull("max_jobs", r -> r.setMaxJobs(1_001)),
        pull("max_jobs", r -> r.setMaxJobs(-1)),
        pull("lease_duration", r -> r.setLeaseDuration(duration(0, 0))),
        pull("", r -> r.setWaitTime(duration(60, 0))),
        pull("wait_time", r -> r.setWaitTime(duration(60, 1))),
        pull("wait_time", r -> r.setWaitTime(duration(0, -1))));
  }

  static Stream<Arguments> nacks() {
    return Stream.of(
        nack("", r -> {}),
        nack("lease_tokens", r -> r.clearLeaseTokens()),
        nack("", r -> r.setDead(true).setUncounted(true)),
        nack("delay", r -> r.setDead(true).setDelay(duration(0, 0))),
        nack("", r -> r.setDelay(duration(36_500L * 86_400, 0)).setUncounted(true)),
        nack("delay", r -> r.setDelay(duration(36_500L * 86_400, 1))),
        nack("delay", r -> r.setDelay(duration(-1, 0))),
        nack("", r -> r.setReason("é".repeat(512))),
        nack("reason", r -> r.setReason("é".repeat(512) + "x")));
  }

  static Stream<Arguments> extensions() {
    return Stream.of(
        extension("", 1, duration(1, 0)),
        extension("", 1_000, duration(TWELVE_HOURS_S, 0)),
        extension("lease_tokens", 0, duration(1, 0)),
        extension("lease_tokens", 1_001, duration(1, 0)),
        extension("lease_duration", 1, Duration.getDefaultInstance()),
        extension("lease_duration", 1, duration(TWELVE_HOURS_S, 1)));
  }

  @ParameterizedTest(name = "{0} {index}")
  @MethodSource("watches")
  void watchDue(String field, WatchDueRequest request) {
    expect(field, () -> CHECKS.watchDue(request));
  }

  @ParameterizedTest(name = "{0} {index}")
  @MethodSource("pulls")
  void pullDue(String field, PullDueRequest request) {
    expect(field, () -> CHECKS.pullDue(request));
  }

  @ParameterizedTest(name = "{0} {index}")
  @MethodSource("nacks")
  void nack(String field, NackRequest request) {
    expect(field, () -> CHECKS.nack(request));
  }

  @ParameterizedTest(name = "{0} {index}")
  @MethodSource("extensions")
  void extendLease(String field, ExtendLeaseRequest request) {
    expect(field, () -> CHECKS.extendLease(request));
  }

  static Stream<Arguments> acks() {
    return Stream.of(
        arguments("lease_tokens", 0),
        arguments("", 1),
        arguments("", 1_000),
        arguments("lease_tokens", 1_001));
  }

  @ParameterizedTest
  @MethodSource("acks")
  void ack(String field, int tokens) {
    AckRequest request = AckRequest.newBuilder().addAllLeaseTokens(tokens(tokens)).build();
    expect(field, () -> CHECKS.ack(request));
  }

  private static void expect(String field, Runnable check) {
    Throwable thrown = catchThrowable(check::run);
    if (field.isEmpty()) {
      assertThat(thrown).isNull();
    } else {
      assertThat(Rejection.of(GrpcFailures.of(thrown).toException()).fields())
          .containsExactly(field);
    }
  }

  private static Arguments watch(String field, Consumer<WatchDueRequest.Builder> change) {
    WatchDueRequest.Builder request = WatchDueRequest.newBuilder().addQueues("q");
    change.accept(request);
    return arguments(field, request.build());
  }

  private static Arguments pull(String field, Consumer<PullDueRequest.Builder> change) {
    PullDueRequest.Builder request = PullDueRequest.newBuilder().addQueues("q");
    change.accept(request);
    return arguments(field, request.build());
  }

  private static Arguments nack(String field, Consumer<NackRequest.Builder> change) {
    NackRequest.Builder request = NackRequest.newBuilder().addLeaseTokens("t");
    change.accept(request);
    return arguments(field, request.build());
  }

  private static Arguments extension(String field, int tokens, Duration lease) {
    ExtendLeaseRequest.Builder request =
        ExtendLeaseRequest.newBuilder().addAllLeaseTokens(tokens(tokens));
    return arguments(field, request.setLeaseDuration(lease).build());
  }

  private static List<String> queues(int count) {
    return IntStream.range(0, count).mapToObj(i -> "q" + i).toList();
  }

  private static List<String> tokens(int count) {
    return Collections.nCopies(count, "token");
  }

  private static Duration duration(long seconds, int nanos) {
    return Duration.newBuilder().setSeconds(seconds).setNanos(nanos).build();
  }
}
