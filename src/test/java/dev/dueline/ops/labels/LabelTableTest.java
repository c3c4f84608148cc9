package dev.dueline.ops.labels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.job.QueueName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who gets one of ten labels, and who has to give it back. */
final class LabelTableTest {
  private static final int LABELS = 10;
  private static final QueueName BUSY = new QueueName("busy");

  private final List<String> closed = new ArrayList<>();
  private final LabelTable<String> table = table(List.of());

  private LabelTable<String> table(List<QueueName> always) {
    return new LabelTable<>(LABELS, always, "others", QueueName::value, closed::add);
  }

  @Test
  void theFirstThatHaveAnythingGetTheLabelsThatAreFree() {
    table.present(queue(1));
    table.used(queue(2), 1);
    assertThat(table.of(queue(1))).isEqualTo("q-1");
    assertThat(table.of(queue(2))).isEqualTo("q-2");
    assertThat(table.of(queue(3))).isEqualTo("others");
    IntStream.range(3, 100).forEach(i -> table.present(queue(i)));
    assertThat(table.queues()).hasSize(LABELS);
  }

  @Test
  void aBusyQueueGetsALabelAmongAHundredThousandOfOneJobEach() {
    for (int tick = 0; tick < 20; tick++) {
      for (int i = 0; i < 5_000; i++) {
        table.used(queue(tick * 5_000 + i), 1);
      }
      table.used(BUSY, 100);
      table.tick();
    }
    assertThat(table.of(BUSY)).isEqualTo("busy");
    assertThat(table.queues()).hasSize(LABELS);
  }

  @Test
  void aBusyQueueWinsAgainstTenThousandThatAreKeptBusy() {
    keepJunkBusy(30);
    for (int tick = 0; tick < 20; tick++) {
      table.used(BUSY, 500);
      keepJunkBusy(1);
    }
    assertThat(table.of(BUSY)).isEqualTo("busy");
    assertThat(closed).hasSizeBetween(1, 2);
  }

  /** Each of ten thousand sends five jobs a tick. */
  private void keepJunkBusy(int ticks) {
    for (int tick = 0; tick < ticks; tick++) {
      for (int i = 0; i < 10_000; i++) {
        table.used(queue(i), 5);
      }
      table.tick();
    }
  }

  @Test
  void whatOnlyHoldsJobsTakesNoLabelFromAnother() {
    IntStream.range(0, LABELS).forEach(i -> table.used(queue(i), 1));
    for (int tick = 0; tick < LabelTable.IDLE_TICKS * 2; tick++) {
      IntStream.range(0, 100).forEach(i -> table.present(queue(i)));
      table.tick();
    }
    assertThat(closed).isEmpty();
  }

  @Test
  void aLabelThatIsIdleGoesToWhoeverNeedsIt() {
    IntStream.range(0, LABELS).forEach(i -> table.used(queue(i), 1_000));
    for (int tick = 0; tick < LabelTable.IDLE_TICKS; tick++) {
      IntStream.range(1, LABELS).forEach(i -> table.present(queue(i)));
      table.tick();
    }
    assertThat(closed).isEmpty();
    table.present(BUSY);
    table.tick();
    table.tick();
    assertThat(table.of(BUSY)).isEqualTo("busy");
    assertThat(closed).containsExactly("q-0");
  }

  @Test
  void equalsDoNotTakeLabelsFromEachOther() {
    Random random = new Random(2005);
    for (double jobsATick : List.of(0.05, 0.5, 5.0, 50.0)) {
      for (int tick = 0; tick < 4_000; tick++) {
        if (tick == 100) {
          closed.clear();
        }
        for (int i = 0; i < 3 * LABELS; i++) {
          table.used(queue(i), poisson(random, jobsATick));
          table.present(queue(i));
        }
        table.tick();
      }
      assertThat(closed).as("%s jobs a tick", jobsATick).hasSizeLessThanOrEqualTo(2);
    }
  }

  @Test
  void whatAlwaysHasALabelKeepsIt() {
    LabelTable<String> fixed = table(List.of(new QueueName("orders")));
    for (int tick = 0; tick < LabelTable.IDLE_TICKS * 2; tick++) {
      IntStream.range(0, 100).forEach(i -> fixed.used(queue(i), 50 + i));
      fixed.tick();
    }
    assertThat(fixed.of(new QueueName("orders"))).isEqualTo("orders");
    assertThat(fixed.queues()).hasSize(LABELS);
  }

  @Test
  void theMostUsedAreAsTheAlgorithmPromises() {
    Random random = new Random(7);
    FrequentQueues frequent = new FrequentQueues(50);
    Map<QueueName, Integer> exact = new HashMap<>();
    int all = 0;
    for (int i = 0; i < 50_000; i++) {
      int number = (int) Math.abs(random.nextGaussian() * random.nextInt(2_000));
      frequent.add(queue(number), 1);
      exact.merge(queue(number), 1, Integer::sum);
      all++;
    }
    assertThat(frequent.size()).isEqualTo(50);
    for (Map.Entry<QueueName, Integer> each : exact.entrySet()) {
      assertThat(frequent.sure(each.getKey())).isLessThanOrEqualTo(each.getValue());
      if (each.getValue() > 2 * all / 50) {
        assertThat(frequent.sure(each.getKey())).isPositive();
      }
    }
    frequent.decay(1e-9);
    assertThat(frequent.size()).isZero();
  }

  private static QueueName queue(int number) {
    return new QueueName("q-" + number);
  }

  /** Knuth's method: the mean is small. */
  private static int poisson(Random random, double mean) {
    double limit = Math.exp(-mean);
    int count = -1;
    for (double product = 1; product > limit; product *= random.nextDouble()) {
      count++;
    }
    return count;
  }
}
