package dev.dueline.operation.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.grpc.ManualLoop;
import dev.dueline.job.QueueName;
import dev.dueline.operation.TestStore;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Whoever asks for the workloads of many queues waits behind himself. */
class WorkloadTurnsTest {
  private static final int SHARDS = 4;
  private static final int QUEUES = 100;
  private static final int AT_ONCE = 8;

  private final TestStore store = new TestStore(SHARDS);
  private final Workloads workloads = new Workloads(store, store.operations, new ManualLoop());

  @Test
  void oneCallOfAnotherComesBeforeTheRest() {
    for (int i = 0; i <= QUEUES; i++) {
      store.layout(new QueueName("q" + i)).await().indefinitely();
    }
    store.isHolding = true;
    AtomicInteger greedy = new AtomicInteger();
    for (int i = 0; i < QUEUES; i++) {
      workloads
          .inTurn("greedy", new QueueName("q" + i), Duration.ZERO)
          .subscribe()
          .with(load -> greedy.incrementAndGet());
    }
    assertThat(store.held).hasSize(AT_ONCE * SHARDS);
    AtomicBoolean modest = new AtomicBoolean();
    workloads
        .inTurn("modest", new QueueName("q" + QUEUES), Duration.ZERO)
        .subscribe()
        .with(load -> modest.set(true));
    while (!modest.get()) {
      Objects.requireNonNull(store.held.poll()).run();
      assertThat(store.held.size()).isLessThanOrEqualTo(AT_ONCE * SHARDS);
    }
    assertThat(greedy.get()).isLessThanOrEqualTo(2 * AT_ONCE);
    while (!store.held.isEmpty()) {
      store.held.remove().run();
    }
    assertThat(greedy).hasValue(QUEUES);
  }
}
