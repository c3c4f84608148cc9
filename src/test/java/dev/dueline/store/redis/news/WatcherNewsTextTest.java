package dev.dueline.store.redis.news;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.JobId;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.lease.LeaseId;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.news.LeaseEnd;
import dev.dueline.store.news.WatchToken;
import dev.dueline.store.news.WatcherNews;
import dev.dueline.store.news.WatcherState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatcherNewsTextTest {
  private static final LeaseToken A = lease("a");
  private static final LeaseToken B = lease("b");
  private static final QueueName MAIL = new QueueName("mail");
  private static final WatchToken WATCH = new WatchToken(-1, 2, 3, -4, 5);

  @Test
  void allNewsCanBeRead() {
    List<WatcherNews> news =
        List.of(
            new WatcherNews.Ended(A, LeaseEnd.SETTLED),
            new WatcherNews.Ended(B, LeaseEnd.EXPIRED),
            new WatcherNews.Ended(A, LeaseEnd.CANCELED),
            new WatcherNews.Ended(B, LeaseEnd.UNKNOWN),
            new WatcherNews.Extended(A, 30_000),
            new WatcherNews.Stop(WATCH, 10, -7, 8),
            new WatcherNews.Stopped(8, true),
            new WatcherNews.Stopped(9, false),
            new WatcherNews.Look(MAIL, 5, 100, -7, 8),
            new WatcherNews.Listed(8, List.of(), false),
            new WatcherNews.Listed(
                8,
                List.of(
                    new WatcherState(6, "a b, ü", 1, -1, List.of(MAIL), 9, 2, 7, true, false),
                    new WatcherState(
                        7, "", 1, 2, List.of(MAIL, new QueueName("a/b:c")), 9, 0, 0, false, true)),
                true));
    assertThat(WatcherNewsText.read(WatcherNewsText.of(news))).isEqualTo(news);
  }

  /** They read lines that are lease tokens, and pass over others. */
  @Test
  void earlierVersionsReadThatALeaseIsOver() {
    String text = WatcherNewsText.of(List.of(new WatcherNews.Ended(A, LeaseEnd.EXPIRED)));
    assertThat(text.lines().flatMap(line -> LeaseToken.decode(line).stream())).containsExactly(A);
  }

  @Test
  void whatEarlierVersionsSayIsThatALeaseIsSettled() {
    assertThat(WatcherNewsText.read(A.encode() + "\n" + B.encode()))
        .containsExactly(
            new WatcherNews.Ended(A, LeaseEnd.SETTLED), new WatcherNews.Ended(B, LeaseEnd.SETTLED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "x",
        "over",
        "over EXPIRED",
        "over NEVER x",
        "extended x y",
        "extended 1",
        "stop 1 2 3",
        "stop 1 2 3 4",
        "stopped",
        "stopped x true",
        "look q 1 2 3",
        "look ? 1 2 3 4",
        "listed 1",
        "listed 1 true x",
        "listed 1 true 1,?,1,1,1,1,1,true,true,q",
        "later 1 2"
      })
  void whatCannotBeReadIsPassedOver(String line) {
    assertThat(WatcherNewsText.read(line + "\n" + A.encode()))
        .containsExactly(new WatcherNews.Ended(A, LeaseEnd.SETTLED));
  }

  private static LeaseToken lease(String id) {
    Shard shard = new Shard(new QueueName("q"), 0);
    return new LeaseToken(shard, new LeaseRef(new JobId(id), new LeaseId(1, 2, 3, 4)));
  }
}
