package dev.dueline.grpc.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import com.google.rpc.Code;
import dev.dueline.grpc.Rejection;
import dev.dueline.grpc.TestService;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.Delivery;
import dev.dueline.operation.TestStore;
import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.ExtendLeaseRequest;
import dev.dueline.v1.ExtendLeaseResponse;
import dev.dueline.v1.ExtendedLease;
import dev.dueline.v1.GetJobRequest;
import dev.dueline.v1.Job;
import dev.dueline.v1.JobState;
import dev.dueline.v1.LeaseOutcome;
import dev.dueline.v1.NackRequest;
import dev.dueline.v1.ScheduleRequest;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ack, Nack and ExtendLease, over a real channel. */
class LeasingTest {
  private static final LeaseOutcome OK = LeaseOutcome.LEASE_OUTCOME_OK;
  private static final LeaseOutcome LOST = LeaseOutcome.LEASE_OUTCOME_LOST;
  private static final LeaseOutcome INVALID = LeaseOutcome.LEASE_OUTCOME_INVALID;

  private final TestService service = new TestService();

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void outcomesComeInRequestOrder() {
    String a = leased("a");
    String b = leased("b");
    assertThat(ack(b)).containsExactly(OK);
    assertThat(ack("", a, "nonsense", a + "x", b, a))
        .containsExactly(INVALID, OK, INVALID, INVALID, LOST, OK);
    assertThat(ack(a)).containsExactly(LOST);
    assertThat(service.told).isNotEmpty();
  }

  @Test
  void tokensOfNoOneAreInvalidWithoutAskingTheStore() {
    service.store.failingShards.put(
        new Shard(new QueueName("q"), 0), new StoreUnavailableException("down", null));
    assertThat(ack("nonsense", "é")).containsExactly(INVALID, INVALID);
  }

  @Test
  void aTokenCountHasItsLimits() {
    assertThat(Rejection.of(this::ack).fields()).containsExactly("lease_tokens");
    String[] many = new String[1_001];
    java.util.Arrays.fill(many, "t");
    assertThat(Rejection.of(() -> ack(many)).fields()).containsExactly("lease_tokens");
  }

  @Test
  void aNackGoesByThePolicyOrByTheCaller() {
    NackRequest byPolicy = nack(leased("a")).setReason("busy").build();
    assertThat(service.client().nack(byPolicy).getOutcomesList()).containsExactly(OK);
    Job retried = read("a");
    assertThat(retried.getFailedAttempts()).isEqualTo(1);
    assertThat(retried.getLastFailure()).isEqualTo("busy");
    assertThat(retried.getDueTime().getSeconds())
        .isBetween(TestStore.START_MS / 1_000, TestStore.START_MS / 1_000 + 2);

    NackRequest delayed =
        nack(leased("b")).setDelay(Durations.fromMillis(60_000)).setUncounted(true).build();
    service.client().nack(delayed);
    assertThat(read("b").getFailedAttempts()).isZero();
    assertThat(read("b").getDueTime())
        .isEqualTo(Timestamps.fromMillis(TestStore.START_MS + 60_000));

    service.client().nack(nack(leased("c")).setDead(true).build());
    assertThat(read("c").getState()).isEqualTo(JobState.JOB_STATE_DEAD);
  }

  @Test
  void whoeverGetsAJobAgainIsToldHowItsFailuresBegan() {
    service.client().nack(nack(leased("a")).setUncounted(true).setReason("not started").build());
    assertThat(read("a").getLastFailure()).isEqualTo("not started");
    assertThat(read("a").getFirstFailure()).isEmpty();
    assertThat(read("a").hasFirstFailureTime()).isFalse();

    service.client().nack(nack(again().token().encode()).setReason("no route").build());
    service.client().nack(nack(again().token().encode()).setReason("busy").build());

    assertThat(read("a").getLastFailure()).isEqualTo("busy");
    assertThat(read("a").getFirstFailure()).isEqualTo("no route");
    assertThat(read("a").getFirstFailureTime())
        .isEqualTo(Timestamps.fromMillis(TestStore.START_MS + 60_000));
    DueJob due = DeliveryMapping.dueJob(again());
    assertThat(due.getFirstFailure()).isEqualTo("no route");
    assertThat(due.getFirstFailureTime()).isEqualTo(read("a").getFirstFailureTime());
  }

  /** The next delivery, a minute later. */
  private Delivery again() {
    service.store.nowMs.addAndGet(60_000);
    return service.lease("q", 1).get(0);
  }

  @Test
  void aNackThatIsLostOrInvalidSaysSo() {
    String token = leased("a");
    NackRequest request = nack(token).addLeaseTokens("nonsense").addLeaseTokens(token).build();
    assertThat(service.client().nack(request).getOutcomesList()).containsExactly(OK, INVALID, OK);
    assertThat(service.client().nack(request).getOutcomesList())
        .containsExactly(LOST, INVALID, LOST);
  }

  @Test
  void theEarliestEndOfWhatWasExtendedIsTold() {
    String a = leased("a");
    String b = leased("b");
    ExtendLeaseResponse first = extend(3_600, b);
    assertThat(first.getLeaseExpireTime())
        .isEqualTo(Timestamps.fromMillis(TestStore.START_MS + 3_600_000));
    ExtendLeaseResponse both = extend(60, a, "nonsense", b);
    assertThat(both.getOutcomesList()).containsExactly(OK, INVALID, OK);
    assertThat(both.getLeaseExpireTime())
        .isEqualTo(Timestamps.fromMillis(TestStore.START_MS + 60_000));
    ack(a, b);
    ExtendLeaseResponse none = extend(60, a, b);
    assertThat(none.getOutcomesList()).containsExactly(LOST, LOST);
    assertThat(none.hasLeaseExpireTime()).isFalse();
  }

  @Test
  void theEndOfEachLeaseIsTold() {
    String a = leased("a");
    String b = leased("b");
    String gone = leased("gone");
    ack(gone);
    extend(3_600, b);
    assertThat(extend(60, a, "nonsense", b, gone, a).getLeasesList())
        .containsExactly(extended(60), ended(INVALID), extended(3_600), ended(LOST), extended(60));
  }

  private static ExtendedLease extended(long seconds) {
    return ExtendedLease.newBuilder()
        .setOutcome(OK)
        .setLeaseExpireTime(Timestamps.fromMillis(TestStore.START_MS + seconds * 1_000))
        .build();
  }

  private static ExtendedLease ended(LeaseOutcome outcome) {
    return ExtendedLease.newBuilder().setOutcome(outcome).build();
  }

  @Test
  void anExpiredLeaseIsLost() {
    String token = leased("a");
    service.store.nowMs.addAndGet(30_000);
    assertThat(ack(token)).containsExactly(LOST);
  }

  @Test
  void theStoresFailureIsTheCallsFailure() {
    String token = leased("a");
    service.store.failingShards.put(
        new Shard(new QueueName("q"), 0), new StoreUnavailableException("down", null));
    assertThat(Rejection.of(() -> ack(token)).code()).isEqualTo(Code.UNAVAILABLE);
    NackRequest nack = nack(token).build();
    assertThat(Rejection.of(() -> service.client().nack(nack)).reason())
        .isEqualTo("REDIS_UNAVAILABLE");
    assertThat(Rejection.of(() -> extend(60, token)).reason()).isEqualTo("REDIS_UNAVAILABLE");
  }

  private String leased(String id) {
    service.client().schedule(ScheduleRequest.newBuilder().setQueue("q").setJobId(id).build());
    return service.lease("q", 1).get(0).token().encode();
  }

  private List<LeaseOutcome> ack(String... tokens) {
    AckRequest request = AckRequest.newBuilder().addAllLeaseTokens(List.of(tokens)).build();
    return service.client().ack(request).getOutcomesList();
  }

  private ExtendLeaseResponse extend(long seconds, String... tokens) {
    return service
        .client()
        .extendLease(
            ExtendLeaseRequest.newBuilder()
                .addAllLeaseTokens(List.of(tokens))
                .setLeaseDuration(Duration.newBuilder().setSeconds(seconds))
                .build());
  }

  private Job read(String id) {
    GetJobRequest request = GetJobRequest.newBuilder().setQueue("q").setJobId(id).build();
    return service.client().getJob(request).getJob();
  }

  private static NackRequest.Builder nack(String token) {
    return NackRequest.newBuilder().addLeaseTokens(token);
  }
}
