package dev.dueline.system.chaos.topology;

import dev.dueline.system.process.SteppedClock;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One Redis that keeps whatever it has answered: AOF, synced before each answer. */
final class SingleTopology implements Topology {
  private final Optional<SteppedClock> clock;
  private final Node node;

  SingleTopology(Path data) {
    clock = SteppedClock.in(data);
    node =
        Node.start(
            "redis",
            data,
            (port, proxy) ->
                List.of(
                    "save \"\"",
                    "appendonly yes",
                    "appendfsync always",
                    "enable-debug-command yes"),
            clock);
  }

  @Override
  public Optional<SteppedClock> clock() {
    return clock;
  }

  @Override
  public List<String> settings() {
    return List.of("quarkus.redis.hosts=" + node.uri());
  }

  @Override
  public Node primary(int choice) {
    return node;
  }

  @Override
  public boolean canFailOver() {
    return false;
  }

  @Override
  public boolean failOver(Node primary) {
    return false;
  }

  @Override
  public long epoch() {
    return 0;
  }

  @Override
  public boolean isReachable() {
    return node.takesWrite("chaos-probe");
  }

  @Override
  public boolean isSettled() {
    return isReachable();
  }

  @Override
  public boolean isOn(Node node, String queue, String job) {
    return true;
  }

  @Override
  public void close() {
    node.close();
  }
}
