package dev.dueline.console;

import dev.dueline.console.live.ReplicaFacts;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What a replica knows of itself, as a test says. */
final class TestReplica implements ReplicaFacts {
  final Map<String, Lateness> lateness = new ConcurrentHashMap<>();
  volatile List<Memory> memory = List.of();
  volatile List<ClockStep> clockSteps = List.of();
  volatile List<Repairs> repairs = List.of();

  @Override
  public @Nullable Lateness lateness(String queue) {
    return lateness.get(queue);
  }

  @Override
  public Uni<List<Memory>> memory() {
    return Uni.createFrom().item(memory);
  }

  @Override
  public List<ClockStep> clockSteps() {
    return clockSteps;
  }

  @Override
  public List<Repairs> repairs() {
    return repairs;
  }
}
