package dev.dueline.delivery.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.delivery.context.DeliveryContext;
import dev.dueline.delivery.context.DeliveryObserver;
import dev.dueline.delivery.sim.SimulatedLoop;
import dev.dueline.operation.TestStore;
import dev.dueline.store.InMemoryJobStore;
import dev.dueline.store.failure.StoreDataException;
import dev.dueline.store.queue.QueueTurns.Turn;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A replica that gets no turn says so once, and once when it gets one again. */
final class HousekeepingFailureTest {
  private final SimulatedLoop loop = new SimulatedLoop();
  private final List<String> said = new ArrayList<>();
  private boolean isFailing = true;
  private int asked;
  private final Housekeeping housekeeping =
      new Housekeeping(
          new InMemoryJobStore(() -> 0L, (shard, dueMs) -> {}),
          new TestStore(1),
          this::take,
          shard -> false,
          Duration.ZERO,
          new DeliveryContext(1, loop, new SplittableRandom(1), observer()));

  private Uni<Turn> take() {
    asked++;
    return isFailing
        ? Uni.createFrom().failure(StoreDataException.ofAll("names", "WRONGTYPE"))
        : Uni.createFrom().item(new Turn(List.of(), Duration.ofSeconds(1)));
  }

  private DeliveryObserver observer() {
    return new DeliveryObserver() {
      @Override
      public void housekeepingFailed(Throwable failure) {
        said.add(String.valueOf(failure.getMessage()));
      }

      @Override
      public void housekeepingRecovered() {
        said.add("recovered");
      }
    };
  }

  @Test
  void saysWhatChanges() {
    housekeeping.begin();
    loop.pass(Duration.ofSeconds(30));
    assertThat(asked).isGreaterThan(5);
    assertThat(said).containsExactly("WRONGTYPE");

    isFailing = false;
    loop.pass(Duration.ofSeconds(10));
    assertThat(said).containsExactly("WRONGTYPE", "recovered");

    isFailing = true;
    loop.pass(Duration.ofSeconds(10));
    assertThat(said).containsExactly("WRONGTYPE", "recovered", "WRONGTYPE");
  }

  @Test
  void saysNothingWhileAllIsWell() {
    isFailing = false;
    housekeeping.begin();
    loop.pass(Duration.ofSeconds(30));
    assertThat(said).isEmpty();
  }
}
