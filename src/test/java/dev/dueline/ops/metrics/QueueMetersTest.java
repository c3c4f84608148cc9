package dev.dueline.ops.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.delivery.context.RedisStreamState;
import dev.dueline.job.QueueName;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a label leaves behind when it goes, and what the others' counters make of it. */
final class QueueMetersTest {
  private static final QueueName QUEUE = new QueueName("q");

  private final MeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void aLabelThatIsGivenBackLeavesNoMeter() {
    QueueMeters meters = new QueueMeters(registry, "q", state -> 1);
    meters.leasesLost(2);
    assertThat(registry.getMeters()).hasSizeGreaterThanOrEqualTo(9);
    meters.close();
    assertThat(registry.getMeters()).isEmpty();
    meters.leased(List.of(), 1);
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void droppedDeadJobsOfTheOthersNeitherFallNorJumpWhenALabelChangesHands() {
    DroppedDeadJobs dropped = new DroppedDeadJobs(registry);
    dropped.counted(QUEUE, QueueLabels.OTHER, 100);
    dropped.counted(new QueueName("r"), QueueLabels.OTHER, 5);
    assertThat(value(QueueLabels.OTHER)).isEqualTo(105);

    dropped.counted(QUEUE, "q", 110);
    assertThat(value("q")).isEqualTo(110);
    assertThat(value(QueueLabels.OTHER)).isEqualTo(105);

    dropped.counted(QUEUE, QueueLabels.OTHER, 111);
    dropped.keep(Set.of(QueueLabels.OTHER));
    assertThat(value(QueueLabels.OTHER)).isEqualTo(106);
    assertThat(registry.getMeters())
        .extracting(Meter::getId)
        .extracting(id -> id.getTag("queue"))
        .containsExactly(QueueLabels.OTHER);
  }

  @Test
  void shardsOfStreamsCountForTheirQueueWhoeverHasALabel() {
    RedisStreamShards shards = new RedisStreamShards();
    shards.changed(QUEUE, RedisStreamState.NONE, RedisStreamState.OPEN);
    shards.changed(QUEUE, RedisStreamState.NONE, RedisStreamState.OPEN);
    shards.changed(QUEUE, RedisStreamState.OPEN, RedisStreamState.FULL);
    assertThat(shards.count(QUEUE, RedisStreamState.OPEN)).isEqualTo(1);
    assertThat(shards.countWithout(Set.of(), RedisStreamState.FULL)).isEqualTo(1);
    assertThat(shards.countWithout(Set.of(QUEUE), RedisStreamState.FULL)).isZero();
    shards.changed(QUEUE, RedisStreamState.OPEN, RedisStreamState.NONE);
    assertThat(shards.count(QUEUE, RedisStreamState.OPEN)).isZero();
    assertThat(shards.count(QUEUE, RedisStreamState.FULL)).isEqualTo(1);
  }

  private double value(String label) {
    FunctionCounter counter =
        registry.find("dueline.dead.dropped").tag("queue", label).functionCounter();
    return Objects.requireNonNull(counter).count();
  }
}
