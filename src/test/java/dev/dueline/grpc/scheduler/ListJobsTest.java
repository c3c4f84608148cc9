package dev.dueline.grpc.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import com.google.rpc.Code;
import dev.dueline.grpc.ManualLoop;
import dev.dueline.grpc.Rejection;
import dev.dueline.grpc.TestLimits;
import dev.dueline.grpc.TestService;
import dev.dueline.grpc.message.MessageBytes;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.operation.TestStore;
import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.v1.Job;
import dev.dueline.v1.JobState;
import dev.dueline.v1.ListJobsRequest;
import dev.dueline.v1.ListJobsResponse;
import dev.dueline.v1.NackRequest;
import dev.dueline.v1.ScheduleRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ListJobs, over a real channel and three shards. */
class ListJobsTest {
  private final TestService service = new TestService(TestLimits.DEFAULTS, 3, new ManualLoop());

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void aQueueThatWasNeverUsedIsEmptyAndDoesNotComeToBe() {
    assertThat(list(request())).isEqualTo(ListJobsResponse.getDefaultInstance());
    assertThat(service.store.queues).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 49, 50, 51, 1_000, Integer.MAX_VALUE})
  void pagesGoOverAllShardsInOrder(int pageSize) {
    List<String> ids = scheduleFifty();
    List<Integer> sizes = new ArrayList<>();
    List<String> found = new ArrayList<>();
    ListJobsRequest next = request().setPageSize(pageSize).build();
    do {
      ListJobsResponse page = service.client().listJobs(next);
      sizes.add(page.getJobsCount());
      page.getJobsList().forEach(job -> found.add(job.getJobId()));
      next = next.toBuilder().setPageToken(page.getNextPageToken()).build();
    } while (!next.getPageToken().isEmpty());
    assertThat(found).isEqualTo(ids);
    assertThat(sizes).allMatch(size -> size <= pageSize && size > 0);
  }

  @Test
  void aPageHasAHundredUnlessToldOtherwise() {
    IntStream.range(0, 120).forEach(i -> schedule("j" + i, i, 0));
    ListJobsResponse page = list(request());
    assertThat(page.getJobsList()).hasSize(100);
    assertThat(list(request().setPageToken(page.getNextPageToken())).getJobsList()).hasSize(20);
  }

  @Test
  void theLowerBoundIsInclusiveAndTheUpperIsNot() {
    scheduleFifty();
    ListJobsRequest.Builder bounded = request().setStartTime(second(10)).setEndTime(second(20));
    assertThat(list(bounded).getJobsList()).hasSize(20);
    Timestamp justAfter = second(10).toBuilder().setNanos(1).build();
    assertThat(list(bounded.setStartTime(justAfter)).getJobsList()).hasSize(18);
    Timestamp justLater = second(20).toBuilder().setNanos(1).build();
    assertThat(list(bounded.setEndTime(justLater)).getJobsList()).hasSize(20);
    assertThat(list(request().setEndTime(second(-2_000_000_000))).getJobsList()).isEmpty();
  }

  @Test
  void jobsAreListedByState() {
    schedule("dead", 0, 0);
    String token = service.lease("q", 10).get(0).token().encode();
    NackRequest nack =
        NackRequest.newBuilder().addLeaseTokens(token).setDead(true).setReason("no use").build();
    service.client().nack(nack);
    schedule("held", 0, 0);
    service.lease("q", 10);
    schedule("waiting", 0, 0);
    assertThat(ids(list(request().setState(JobState.JOB_STATE_PENDING))))
        .containsExactly("waiting");
    assertThat(ids(list(request().setState(JobState.JOB_STATE_LEASED)))).containsExactly("held");
    Job dead = list(request().setState(JobState.JOB_STATE_DEAD)).getJobs(0);
    assertThat(dead.getJobId()).isEqualTo("dead");
    assertThat(dead.getState()).isEqualTo(JobState.JOB_STATE_DEAD);
    assertThat(dead.getFailedAttempts()).isEqualTo(1);
    assertThat(dead.getLastFailure()).isEqualTo("no use");
    assertThat(dead.hasLeaseExpireTime()).isFalse();
  }

  @Test
  void payloadsComeOnlyWhereAskedForAndPagesStaySmall() {
    IntStream.range(0, 40).forEach(i -> schedule("j" + i, i, 262_144));
    assertThat(list(request().setPageSize(1_000)).getJobsList())
        .hasSize(40)
        .allMatch(job -> job.getPayload().isEmpty());
    ListJobsRequest.Builder full = request().setPageSize(1_000).setIncludePayload(true);
    int found = 0;
    String token = "";
    do {
      ListJobsResponse page = list(full.setPageToken(token));
      assertThat(page.getSerializedSize()).isLessThan(MessageBytes.MAX_LIST + 1_024);
      assertThat(page.getJobsList()).allMatch(job -> job.getPayload().size() == 262_144);
      found += page.getJobsCount();
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    assertThat(found).isEqualTo(40);
  }

  @Test
  void aPageTokenIsGoodForItsOwnListOnly() {
    scheduleFifty();
    String token = list(request().setPageSize(5)).getNextPageToken();
    assertThat(list(request().setPageToken(token).setPageSize(10)).getJobsCount()).isPositive();
    List<ListJobsRequest.Builder> others =
        List.of(
            request().setPageToken(token).setQueue("p"),
            request().setPageToken(token).setState(JobState.JOB_STATE_DEAD),
            request().setPageToken(token).setStartTime(second(1)),
            request().setPageToken(token).setEndTime(second(1)),
            request().setPageToken(token.substring(1)),
            request().setPageToken(token + "A"),
            request().setPageToken("A"),
            request().setPageToken("!"),
            request().setPageToken("A".repeat(10_000)));
    for (ListJobsRequest.Builder other : others) {
      assertThat(Rejection.of(() -> list(other)).fields()).containsExactly("page_token");
    }
  }

  @Test
  void limitsHold() {
    assertThat(Rejection.of(() -> list(request().setPageSize(-1))).fields())
        .containsExactly("page_size");
    ListJobsRequest.Builder wrong =
        request()
            .setQueue("")
            .setStateValue(9)
            .setStartTime(Timestamp.newBuilder().setNanos(-1))
            .setEndTime(Timestamp.newBuilder().setNanos(-1));
    assertThat(Rejection.of(() -> list(wrong)).fields())
        .containsExactly("queue", "state", "start_time", "end_time");
  }

  @Test
  void aShardThatFailsFailsTheList() {
    scheduleFifty();
    service.store.failingShards.put(
        new Shard(new QueueName("q"), 2), new StoreUnavailableException("down", null));
    assertThat(Rejection.of(() -> list(request())).code()).isEqualTo(Code.UNAVAILABLE);
  }

  /** Two jobs a second, so that ids decide too. */
  private List<String> scheduleFifty() {
    List<String> ids = IntStream.range(0, 50).mapToObj(i -> String.format("j%02d", i)).toList();
    IntStream.range(0, 50).forEach(i -> schedule(ids.get(i), i / 2, 0));
    return ids;
  }

  private void schedule(String id, int second, int payload) {
    service
        .client()
        .schedule(
            ScheduleRequest.newBuilder()
                .setQueue("q")
                .setJobId(id)
                .setDueTime(second(second))
                .setPayload(ByteString.copyFrom(new byte[payload]))
                .build());
  }

  private ListJobsResponse list(ListJobsRequest.Builder request) {
    return service.client().listJobs(request.build());
  }

  private static ListJobsRequest.Builder request() {
    return ListJobsRequest.newBuilder().setQueue("q");
  }

  private static List<String> ids(ListJobsResponse page) {
    return page.getJobsList().stream().map(Job::getJobId).toList();
  }

  private static Timestamp second(long second) {
    return Timestamps.fromMillis(TestStore.START_MS + 1_000 * second);
  }
}
