package dev.dueline.system.chaos.topology;

import dev.dueline.system.process.SteppedClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Servers of Redis on this machine, as a service may find them. Not thread-safe. */
public interface Topology extends AutoCloseable {

  /**
   * Starts the one of that name: single, sentinel, cluster, replicated, or pinned: a cluster where
   * no node takes the place of another by itself.
   *
   * @param isHasty whether sentinels look around more often than they do in earnest
   */
  static Topology start(String name, Path data, boolean isHasty) throws IOException {
    return switch (name) {
      case "single" -> new SingleTopology(data);
      case "sentinel" -> new SentinelTopology(data, false, isHasty);
      case "replicated" -> new SentinelTopology(data, true, isHasty);
      case "cluster" -> new ClusterTopology(data, true);
      case "pinned" -> new ClusterTopology(data, false);
      default -> throw new IllegalArgumentException("no such topology: " + name);
    };
  }

  /** What the service must be told, as {@code key=value}. */
  List<String> settings();

  /** One that is a primary now; where there are several, the choice tells which. */
  Node primary(int choice);

  /** Whether another node can take a primary's place. */
  boolean canFailOver();

  /** Has another node take that primary's place; false: it could not begin. */
  boolean failOver(Node primary);

  /** That of all its servers, where it can be stepped. */
  default Optional<SteppedClock> clock() {
    return Optional.empty();
  }

  /** Grows with each failover. */
  long epoch();

  /** Whether every key can be written by those who go through the proxies. */
  boolean isReachable();

  /** Whether it is reachable, nobody but the primaries takes writes, and all replicas follow. */
  boolean isSettled();

  /** Whether the keys of that job are on that node, or on one that it shares its data with. */
  boolean isOn(Node node, String queue, String job);

  @Override
  void close();
}
