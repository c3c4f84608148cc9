package dev.dueline.grpc.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import com.google.rpc.Code;
import dev.dueline.grpc.ManualLoop;
import dev.dueline.grpc.QueueCalls;
import dev.dueline.grpc.Rejection;
import dev.dueline.grpc.TestLimits;
import dev.dueline.grpc.TestService;
import dev.dueline.grpc.message.Times;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.Delivery;
import dev.dueline.operation.TestStore;
import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.v1.ListQueuesResponse;
import dev.dueline.v1.PurgeState;
import dev.dueline.v1.Queue;
import dev.dueline.v1.QueueDelivery;
import dev.dueline.v1.QueueLimits;
import dev.dueline.v1.QueueStats;
import dev.dueline.v1.RedriveDeadJobsRequest;
import dev.dueline.v1.StreamDelivery;
import dev.dueline.v1.UnreadableQueue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Running queues over a real channel. */
class QueueServiceTest {
  private static final int SHARDS = 4;

  private final TestService service =
      new TestService(TestLimits.DEFAULTS, SHARDS, new ManualLoop());

  private final QueueCalls calls = new QueueCalls(service);

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void aQueueShowsWhatItHoldsOverAllShards() {
    calls.schedule("q", 30, Durations.ZERO);
    calls.schedule("q", 12, Durations.fromSeconds(60), "later-");
    List<Delivery> leased = service.lease("q", 2);
    calls.kill(leased.subList(0, 3));

    Queue queue = calls.queue("q");
    QueueStats stats = queue.getStats();
    assertThat(queue.getName()).isEqualTo("q");
    assertThat(queue.getShards()).isEqualTo(SHARDS);
    assertThat(queue.getPaused()).isFalse();
    assertThat(queue.getDelivery().hasWatchers()).isTrue();
    assertThat(stats.getPendingJobs()).isEqualTo(42 - leased.size());
    assertThat(stats.getDueJobs()).isEqualTo(30 - leased.size());
    assertThat(stats.getLeasedJobs()).isEqualTo(leased.size() - 3);
    assertThat(stats.getDeadJobs()).isEqualTo(3);
    assertThat(stats.getScheduledTotal()).isEqualTo(42);
    assertThat(stats.getDispatchedTotal()).isEqualTo(leased.size());
    assertThat(stats.getDeadTotal()).isEqualTo(3);
    assertThat(Times.roundUpToMs(stats.getNextDueTime())).isEqualTo(TestStore.START_MS);
  }

  @Test
  void aQueueThatNeverWasIsNotFoundByAnyCall() {
    List<Runnable> attempts =
        List.of(
            () -> calls.queue("none"),
            () -> calls.count("none"),
            () -> calls.watchers("none", 0, ""),
            () -> calls.delete("none", true),
            () -> calls.pause("none"),
            () -> calls.resume("none"),
            () -> calls.limit("none", QueueLimits.getDefaultInstance()),
            () -> calls.purge("none", PurgeState.PURGE_STATE_DEAD),
            () -> calls.redrive(RedriveDeadJobsRequest.newBuilder().setQueue("none")),
            () -> calls.deliver("none", QueueCalls.watchers()));
    for (Runnable attempt : attempts) {
      Rejection rejection = Rejection.of(attempt::run);
      assertThat(rejection.code()).isEqualTo(Code.NOT_FOUND);
      assertThat(rejection.reason()).isEqualTo("QUEUE_NOT_FOUND");
    }
  }

  @Test
  void listsQueuesByNameInPages() {
    for (String name : List.of("b", "a/2", "a/1", "c", "a/3")) {
      calls.schedule(name, 1, Durations.ZERO);
    }
    List<String> names = new ArrayList<>();
    String token = "";
    do {
      ListQueuesResponse page = calls.list("a/", 2, token);
      assertThat(page.getQueuesCount()).isLessThanOrEqualTo(2);
      page.getQueuesList().forEach(queue -> names.add(queue.getName()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    assertThat(names).containsExactly("a/1", "a/2", "a/3");
    assertThat(calls.list("", 0, "").getQueuesList()).hasSize(5);
    assertThat(calls.list("zzz", 0, "").getQueuesList()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"?", "AAAA", "YWJjZGVmZ2hpams", ""})
  void aPageTokenOfAnotherListIsRefused(String token) {
    calls.schedule("a", 1, Durations.ZERO);
    calls.schedule("b", 1, Durations.ZERO);
    String other = token.isEmpty() ? calls.list("", 1, "").getNextPageToken() : token;
    assertThat(Rejection.of(() -> calls.list("a", 1, other)).fields())
        .containsExactly("page_token");
  }

  @Test
  void aPausedQueueDeliversNothingAndTakesJobs() {
    calls.schedule("q", 8, Durations.ZERO);
    calls.pause("q");
    assertThat(calls.queue("q").getPaused()).isTrue();
    assertThat(service.lease("q", 10)).isEmpty();
    calls.schedule("q", 8, Durations.ZERO, "more-");
    calls.resume("q");
    assertThat(calls.queue("q").getPaused()).isFalse();
    assertThat(service.lease("q", 10)).hasSize(16);
  }

  @Test
  void limitsAreKeptAndDividedOverTheShards() {
    calls.schedule("q", 1, Durations.ZERO);
    QueueLimits limits =
        QueueLimits.newBuilder()
            .setMaxDispatchesPerSecond(0.5)
            .setMaxOutstandingJobs(6)
            .setMaxPendingJobs(10)
            .build();
    assertThat(calls.limit("q", limits).getLimits()).isEqualTo(limits);
    assertThat(calls.queue("q").getLimits()).isEqualTo(limits);
    int stored = 0;
    for (int i = 0; i < 100; i++) {
      if (isScheduled("more-" + i)) {
        stored++;
      }
    }
    // One shard may be full before another, but all together never hold more.
    assertThat(stored).isBetween(5, 10);
    assertThat(calls.limit("q", QueueLimits.getDefaultInstance()).getLimits())
        .isEqualTo(QueueLimits.getDefaultInstance());
    assertThat(isScheduled("one-more")).isTrue();
  }

  @Test
  void aMaskSetsWhatItNamesAndNothingElse() {
    calls.schedule("q", 1, Durations.ZERO);
    QueueLimits limits =
        QueueLimits.newBuilder()
            .setMaxDispatchesPerSecond(0.5)
            .setMaxOutstandingJobs(6)
            .setMaxPendingJobs(10)
            .build();
    assertThat(calls.limit("q", limits).getLimits()).isEqualTo(limits);

    QueueLimits other = QueueLimits.newBuilder().setMaxPendingJobs(20).build();
    assertThat(calls.limit("q", other, "max_pending_jobs").getLimits())
        .isEqualTo(limits.toBuilder().setMaxPendingJobs(20).build());
    assertThat(calls.limit("q", other, "max_dispatches_per_second").getLimits())
        .isEqualTo(limits.toBuilder().setMaxPendingJobs(20).setMaxDispatchesPerSecond(0).build());
    assertThat(calls.limit("q", other, "*").getLimits()).isEqualTo(other);
    assertThat(Rejection.of(() -> calls.limit("q", other, "limits.max_pending_jobs")).fields())
        .containsExactly("update_mask");
  }

  private boolean isScheduled(String id) {
    try {
      calls.schedule("q", id, Durations.fromSeconds(60));
      return true;
    } catch (io.grpc.StatusRuntimeException e) {
      Rejection rejection = Rejection.of(e);
      assertThat(rejection.code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
      assertThat(rejection.reason()).isEqualTo("QUEUE_FULL");
      assertThat(Durations.toMillis(rejection.retry().getRetryDelay())).isPositive();
      return false;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 0, 0, limits.max_dispatches_per_second",
    "NaN, 0, 0, limits.max_dispatches_per_second",
    "Infinity, 0, 0, limits.max_dispatches_per_second",
    "1e-9, 0, 0, limits.max_dispatches_per_second",
    "0, -1, 0, limits.max_outstanding_jobs",
    "0, 0, -1, limits.max_pending_jobs",
    "0, 3, 0, limits.max_outstanding_jobs",
    "0, 0, 3, limits.max_pending_jobs",
  })
  void limitsThatMakeNoSenseAreRefused(double rate, int outstanding, long pending, String field) {
    calls.schedule("q", 1, Durations.ZERO);
    QueueLimits limits =
        QueueLimits.newBuilder()
            .setMaxDispatchesPerSecond(rate)
            .setMaxOutstandingJobs(outstanding)
            .setMaxPendingJobs(pending)
            .build();
    assertThat(Rejection.of(() -> calls.limit("q", limits)).fields()).containsExactly(field);
  }

  @Test
  void aShardThatIsAwayMakesTheCallRepeatableAndTheOthersObey() {
    calls.schedule("q", 8, Durations.ZERO);
    Shard away = new Shard(new QueueName("q"), 2);
    service.store.failingShards.put(away, new StoreUnavailableException("gone", null));
    for (Runnable attempt :
        List.<Runnable>of(
            () -> calls.pause("q"),
            () -> calls.limit("q", QueueLimits.getDefaultInstance()),
            () -> calls.purge("q", PurgeState.PURGE_STATE_DEAD),
            () -> calls.redrive(RedriveDeadJobsRequest.newBuilder().setQueue("q")),
            () -> calls.queue("q"))) {
      Rejection rejection = Rejection.of(attempt::run);
      assertThat(rejection.code()).isEqualTo(Code.UNAVAILABLE);
      assertThat(Durations.toMillis(rejection.retry().getRetryDelay())).isPositive();
    }
    assertThat(calls.list("", 0, "").getUnreadableQueuesList())
        .extracting(UnreadableQueue::getName)
        .containsExactly("q");
    calls.schedule("r", 1, Durations.ZERO);
    ListQueuesResponse page = calls.list("", 1, "");
    assertThat(page.getQueuesList()).as("it counts towards the page").isEmpty();
    assertThat(calls.list("", 1, page.getNextPageToken()).getQueuesList()).hasSize(1);
    service.store.failingShards.clear();
    assertThat(calls.queue("q").getPaused()).isTrue();
    calls.pause("q");
    assertThat(service.lease("q", 10)).isEmpty();
  }

  @Test
  void deliveryMustHaveATargetWithinItsLimits() {
    calls.schedule("q", 1, Durations.ZERO);
    assertThat(Rejection.of(() -> calls.deliver("q", QueueDelivery.getDefaultInstance())).fields())
        .containsExactly("delivery");
    assertThat(Rejection.of(() -> calls.deliver("q", QueueCalls.stream("a b", -1))).fields())
        .containsExactly("delivery.stream.consumer_group", "delivery.stream.max_stream_length");
  }

  @Test
  void aStreamHasItsDefaultsAndAKeyAShardUntilWatchersAreChosenAgain() {
    calls.schedule("q", 1, Durations.ZERO);
    StreamDelivery stream = calls.deliver("q", QueueCalls.stream("", 0)).getDelivery().getStream();
    assertThat(stream.getConsumerGroup()).isEqualTo("workers");
    assertThat(stream.getMaxStreamLength()).isEqualTo(10_000);
    assertThat(stream.getStreamKeysList()).hasSize(calls.queue("q").getShards());
    assertThat(service.store.streams.queues().await().indefinitely())
        .containsExactly(new QueueName("q"));
    assertThat(service.lease("q", 1)).isEmpty();

    assertThat(calls.deliver("q", QueueCalls.watchers()).getDelivery().hasWatchers()).isTrue();
    assertThat(service.store.streams.queues().await().indefinitely()).isEmpty();
    assertThat(service.lease("q", 1)).hasSize(1);
  }

  @Test
  void aQueueWithLeasesStaysWithItsWatchersInEveryShard() {
    calls.schedule("q", 20, Durations.ZERO);
    List<Delivery> leased = service.lease("q", 1);
    assertThat(leased).hasSize(SHARDS);
    calls.kill(leased.subList(1, SHARDS));
    Rejection refusal = Rejection.of(() -> calls.deliver("q", QueueCalls.stream("", 0)));
    assertThat(refusal.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refusal.reason()).isEqualTo("JOBS_LEASED");
    assertThat(calls.queue("q").getDelivery().hasWatchers()).isTrue();
    assertThat(service.store.streams.queues().await().indefinitely()).isEmpty();

    calls.kill(leased.subList(0, 1));
    assertThat(calls.deliver("q", QueueCalls.stream("g", 5)).getDelivery().hasStream()).isTrue();
  }
}
