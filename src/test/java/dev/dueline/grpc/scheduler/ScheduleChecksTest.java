package dev.dueline.grpc.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import com.google.rpc.Code;
import dev.dueline.grpc.Rejection;
import dev.dueline.grpc.TestLimits;
import dev.dueline.grpc.failure.GrpcFailures;
import dev.dueline.grpc.message.RequestLimits;
import dev.dueline.job.Due;
import dev.dueline.store.call.Deadline;
import dev.dueline.v1.RetryPolicy;
import dev.dueline.v1.ScheduleRequest;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each limit of Schedule, at its edge and just beyond. */
class ScheduleChecksTest {
  private static final long CENTURY_S = 36_500L * 86_400;

  private final JobChecks checks = new JobChecks(TestLimits.DEFAULTS);

  static Stream<Arguments> accepted() {
    return Stream.of(
        request("a name of each allowed kind", r -> r.setQueue("aZ09._-:/")),
        request("queue of 128", r -> r.setQueue("q".repeat(128))),
        request("no id", r -> r.setJobId("")),
        request("id of 256 bytes", r -> r.setJobId("é".repeat(128))),
        request("nothing but a queue", r -> r.clearJobId()),
        request("past due time", r -> r.setDueTime(timestamp(-62_135_596_800L, 0))),
        request("last due time", r -> r.setDueTime(timestamp(253_402_300_799L, 999_000_000))),
        request("no delay", r -> r.setDelay(duration(0, 0))),
        request("a delay of a century", r -> r.setDelay(duration(CENTURY_S, 0))),
        request("256 KiB", r -> r.setPayload(ByteString.copyFrom(new byte[262_144]))),
        request("64 attributes", r -> attributes(r, 64)),
        request("8 KiB of attributes", r -> r.putAttributes("é", "v".repeat(8_190))),
        request("the shortest ttl", r -> r.setTtl(duration(0, 1))),
        request("the longest ttl", r -> r.setTtl(duration(CENTURY_S, 0))),
        request("an empty policy", r -> r.setRetryPolicy(RetryPolicy.getDefaultInstance())),
        policy("one attempt", p -> p.setMaxAttempts(1)),
        policy("no backoff", p -> p.setInitialBackoff(duration(0, 0))),
        policy("a max below the initial", p -> p.setMaxBackoff(duration(0, 0))),
        policy("the longest backoff", p -> p.setMaxBackoff(duration(CENTURY_S, 0))),
        policy("multiplier 1", p -> p.setMultiplier(1)),
        policy("the largest multiplier", p -> p.setMultiplier(Double.MAX_VALUE)),
        policy("no jitter", p -> p.setJitter(0)),
        policy("all jitter", p -> p.setJitter(1)));
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        refused("queue", r -> r.setQueue("")),
        refused("queue", r -> r.setQueue("q".repeat(129))),
        refused("queue", r -> r.setQueue("a b")),
        refused("queue", r -> r.setQueue("{a}")),
        refused("queue", r -> r.setQueue("a\n")),
        refused("job_id", r -> r.setJobId("x".repeat(257))),
        refused("job_id", r -> r.setJobId("é".repeat(128) + "x")),
        refused("job_id", r -> r.setJobId("a\u0000")),
        refused("job_id", r -> r.setJobId("a\u0085")),
        refused("due_time", r -> r.setDueTime(timestamp(253_402_300_800L, 0))),
        refused("due_time", r -> r.setDueTime(timestamp(253_402_300_799L, 999_000_001))),
        refused("due_time", r -> r.setDueTime(timestamp(0, -1))),
        refused("due_time", r -> r.setDueTime(timestamp(0, 1_000_000_000))),
        refused("delay", r -> r.setDelay(duration(0, -1))),
        refused("delay", r -> r.setDelay(duration(1, -1))),
        refused("delay", r -> r.setDelay(duration(CENTURY_S, 1))),
        refused("delay", r -> r.setDelay(duration(Long.MIN_VALUE, 0))),
        refused("payload", r -> r.setPayload(ByteString.copyFrom(new byte[262_145]))),
        refused("attributes", r -> attributes(r, 65)),
        refused("attributes", r -> r.putAttributes("", "nameless")),
        refused("attributes", r -> r.putAttributes("é", "v".repeat(8_191))),
        refused("ttl", r -> r.setTtl(duration(0, 0))),
        refused("ttl", r -> r.setTtl(duration(-1, 0))),
        refused("ttl", r -> r.setTtl(duration(CENTURY_S, 1))),
        refused("conflict_policy", r -> r.setConflictPolicyValue(6)),
        refusedPolicy("max_attempts", p -> p.setMaxAttempts(-1)),
        refusedPolicy("initial_backoff", p -> p.setInitialBackoff(duration(-1, 0))),
        refusedPolicy("initial_backoff", p -> p.setInitialBackoff(duration(CENTURY_S, 1))),
        refusedPolicy("max_backoff", p -> p.setMaxBackoff(duration(0, 1_000_000_000))),
        refusedPolicy("multiplier", p -> p.setMultiplier(0.999)),
        refusedPolicy("multiplier", p -> p.setMultiplier(-1)),
        refusedPolicy("multiplier", p -> p.setMultiplier(Double.NaN)),
        refusedPolicy("multiplier", p -> p.setMultiplier(Double.POSITIVE_INFINITY)),
        refusedPolicy("jitter", p -> p.setJitter(-0.001)),
        refusedPolicy("jitter", p -> p.setJitter(1.001)),
        refusedPolicy("jitter", p -> p.setJitter(Double.NaN)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("accepted")
  void isAcceptedAtTheEdge(String name, ScheduleRequest request) {
    checks.schedule(request);
    JobMapping.item(request, null, Deadline.NEVER);
  }

  @ParameterizedTest(name = "{0} {index}")
  @MethodSource("refused")
  void isRefusedBeyondTheEdge(String field, ScheduleRequest request) {
    Rejection rejection = rejection(request);
    assertThat(rejection.code()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(rejection.reason()).isEqualTo("INVALID_REQUEST");
    assertThat(rejection.fields()).containsExactly(field);
    assertThat(rejection.status().getMessage()).startsWith(field + ": must");
  }

  @Test
  void allThatIsWrongIsSaidAtOnce() {
    ScheduleRequest request =
        ScheduleRequest.newBuilder()
            .setJobId("\n")
            .setDelay(duration(-1, 0))
            .setConflictPolicyValue(-1)
            .setRetryPolicy(RetryPolicy.newBuilder().setMultiplier(0.5).setJitter(2))
            .build();
    assertThat(rejection(request).fields())
        .containsExactly(
            "queue",
            "job_id",
            "delay",
            "retry_policy.multiplier",
            "retry_policy.jitter",
            "conflict_policy");
  }

  @Test
  void limitsCanBeLowered() {
    JobChecks low =
        new JobChecks(
            TestLimits.with(
                Map.of(
                    "dueline.limits.max-payload-bytes", "3",
                    "dueline.limits.max-delay", "1m")));
    ScheduleRequest edge =
        ScheduleRequest.newBuilder()
            .setQueue("q")
            .setPayload(ByteString.copyFromUtf8("abc"))
            .setDelay(duration(60, 0))
            .build();
    low.schedule(edge);
    ScheduleRequest beyond =
        edge.toBuilder()
            .setPayload(ByteString.copyFromUtf8("abcd"))
            .setDelay(duration(60, 1))
            .build();
    Rejection rejection =
        Rejection.of(GrpcFailures.of(thrown(() -> low.schedule(beyond))).toException());
    assertThat(rejection.fields()).containsExactly("delay", "payload");
  }

  @Test
  void batchesCannotBeRaised() {
    RequestLimits high = TestLimits.with(Map.of("dueline.limits.max-batch", "1001"));
    assertThatThrownBy(() -> new JobChecks(high)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theLongestDelayIsOneThatTheDomainKnows() {
    assertThat(TestLimits.DEFAULTS.maxDelay().toMillis()).isLessThan(Due.MAX_MS / 2);
  }

  private Rejection rejection(ScheduleRequest request) {
    return Rejection.of(GrpcFailures.of(thrown(() -> checks.schedule(request))).toException());
  }

  private static Throwable thrown(Runnable check) {
    return org.assertj.core.api.Assertions.catchThrowable(check::run);
  }

  private static Arguments request(String name, Consumer<ScheduleRequest.Builder> change) {
    ScheduleRequest.Builder request = ScheduleRequest.newBuilder().setQueue("q").setJobId("j");
    change.accept(request);
    return arguments(name, request.build());
  }

  private static Arguments refused(String field, Consumer<ScheduleRequest.Builder> change) {
    return request(field, change);
  }

  private static Arguments policy(String name, Consumer<RetryPolicy.Builder> change) {
    RetryPolicy.Builder policy = RetryPolicy.newBuilder();
    change.accept(policy);
    return request(name, r -> r.setRetryPolicy(policy));
  }

  private static Arguments refusedPolicy(String field, Consumer<RetryPolicy.Builder> change) {
    return policy("retry_policy." + field, change);
  }

  private static void attributes(ScheduleRequest.Builder request, int count) {
    for (int i = 0; i < count; i++) {
      request.putAttributes("name" + i, "");
    }
  }

  private static Timestamp timestamp(long seconds, int nanos) {
    return Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos).build();
  }

  private static Duration duration(long seconds, int nanos) {
    return Duration.newBuilder().setSeconds(seconds).setNanos(nanos).build();
  }
}
