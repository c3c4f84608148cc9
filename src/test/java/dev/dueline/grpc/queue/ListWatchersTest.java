package dev.dueline.grpc.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.dueline.delivery.news.WatcherSurvey.Found;
import dev.dueline.delivery.news.WatcherSurvey.Page;
import dev.dueline.delivery.news.WatcherSurvey.Place;
import dev.dueline.grpc.ManualLoop;
import dev.dueline.grpc.QueueCalls;
import dev.dueline.grpc.Rejection;
import dev.dueline.grpc.TestLimits;
import dev.dueline.grpc.TestService;
import dev.dueline.job.QueueName;
import dev.dueline.store.news.WatcherState;
import dev.dueline.v1.ListWatchersResponse;
import dev.dueline.v1.Watcher;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lists of watchers, over a real channel. */
class ListWatchersTest {
  private final TestService service = new TestService(TestLimits.DEFAULTS, 4, new ManualLoop());

  private final QueueCalls calls = new QueueCalls(service);

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void watchersComeInPagesWithThoseThatDoNotAnswer() {
    calls.schedule("q", 1, Durations.ZERO);
    WatcherState state =
        new WatcherState(
            3, "worker", 5_000, 1_000, List.of(new QueueName("q")), 100, 60, 40, true, false);
    Place next = new Place(-2, 3);
    service.watching =
        (first, from, size) ->
            Uni.createFrom()
                .item(
                    from.equals(Place.START)
                        ? new Page(List.of(new Found(-2, state)), List.of(7L), Optional.of(next))
                        : new Page(List.of(), List.of(), Optional.empty()));

    ListWatchersResponse page = calls.watchers("q", 1, "");
    Watcher watcher = page.getWatchers(0);
    assertThat(page.getUnansweredReplicasList()).containsExactly("7");
    assertThat(watcher.getReplica()).isEqualTo("fffffffffffffffe");
    assertThat(watcher.getQueuesList()).containsExactly("q");
    assertThat(Timestamps.between(watcher.getConnectTime(), watcher.getLastActTime()))
        .isEqualTo(Durations.fromSeconds(4));
    assertThat(watcher.getPassedOver()).isTrue();
    assertThat(calls.watchers("q", 1, page.getNextPageToken()).getWatchersList()).isEmpty();
    calls.schedule("p", 1, Durations.ZERO);
    assertThat(Rejection.of(() -> calls.watchers("p", 1, page.getNextPageToken())).fields())
        .containsExactly("page_token");
  }
}
