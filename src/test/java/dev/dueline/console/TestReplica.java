package dev.dueline.console;

import dev.dueline.console.live.ReplicaFacts;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What a replica knows of itself, as a test says. */
public final class TestReplica implements ReplicaFacts {
  public final Map<String, Lateness> lateness = new ConcurrentHashMap<>();
  public volatile List<Memory> memory = List.of();
  public volatile List<ClockStep> clockSteps = List.of();
  public volatile List<Repairs> repairs = List.of();

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
