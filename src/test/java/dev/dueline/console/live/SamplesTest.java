package dev.dueline.console.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.console.live.Samples.Failing;
import dev.dueline.console.live.Samples.Sample;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.QueueName;
import dev.dueline.operation.queue.QueueView;
import dev.dueline.store.due.Claim;
import dev.dueline.store.failure.StoreRefusesException;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.ShardStats;
import dev.dueline.store.queue.ShardStats.Totals;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Since when something is so is told by the first look at which it was. */
class SamplesTest {
  private static final Throwable AWAY = new IllegalStateException("away");
  private static final Throwable REFUSES = new StoreRefusesException("NOPERM", null);

  private final Samples samples =
      new Samples(1_000, new TreeMap<>(), new TreeSet<>(), false, List.of(), null);

  @Test
  void theFirstOfSeveralTellsSinceWhen() {
    assertThat(samples.failed(2_000, AWAY).failed(4_000, AWAY).failing())
        .isEqualTo(new Failing(2_000, false));
  }

  @Test
  void aRefusalIsAnotherWayToFail() {
    assertThat(samples.failed(2_000, AWAY).failed(4_000, REFUSES).failing())
        .isEqualTo(new Failing(4_000, true));
  }

  @Test
  void aQueueIsStillSinceTheFirstLookAfterADelivery() {
    Sample first = Sample.first(view(1_000, 7), 0);
    assertThat(first.stillMs()).isZero();
    Sample second = first.next(view(3_000, 7), 0).next(view(5_000, 7), 0);
    assertThat(second.stillMs()).isEqualTo(4_000);
    assertThat(second.now(view(6_000, 7)).stillMs()).isEqualTo(5_000);
    assertThat(second.now(view(6_000, 8)).stillMs()).isZero();
    assertThat(second.next(view(7_000, 8), 0).next(view(9_000, 8), 0).stillMs()).isEqualTo(2_000);
  }

  private static QueueView view(long nowMs, long dispatched) {
    ShardStats shard =
        new ShardStats(
            nowMs,
            false,
            new QueueLimits(0, 0, 0),
            0,
            0,
            0,
            0,
            Claim.NONE,
            new Totals(dispatched, dispatched, 0, 0, 0, 0, 0),
            0,
            null,
            0);
    return new QueueView(new QueueLayout(new QueueName("q"), 1), List.of(shard), List.of());
  }
}
