package dev.dueline.system.chaos.topology;

import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A primary, two replicas, and three sentinels that choose among them. */
final class SentinelTopology implements Topology {
  private static final String NAME = "dueline";

  private final boolean isReplicated;
  private final List<Node> nodes = new ArrayList<>();
  private final List<RedisServer> sentinels = new ArrayList<>();

  /**
   * Starts all, and waits until they know each other.
   *
   * @param isReplicated whether the service shall wait for a replica to have each write
   * @param isHasty whether a deposed primary is told so after a second or two rather than ten
   */
  SentinelTopology(Path data, boolean isReplicated, boolean isHasty) throws IOException {
    this.isReplicated = isReplicated;
    for (int i = 0; i < 3; i++) {
      nodes.add(Node.start("redis" + i, data, this::settings));
    }
    for (int i = 0; i < 3; i++) {
      Path directory = data.resolve("sentinel" + i);
      sentinels.add(RedisServer.startSentinel(directory, LoopbackPort.free(), watched()));
    }
    if (isHasty) {
      for (RedisServer sentinel : sentinels) {
        sentinel.call("SENTINEL", "DEBUG", "info-period", "1000", "publish-period", "500");
      }
    }
    Awaitility.await("the sentinels to know all")
        .atMost(Duration.ofSeconds(180))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> isSettled() && sentinels.stream().allMatch(this::knowsAll));
  }

  private List<String> settings(int port, int proxy) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "save \"\"",
                "appendonly yes",
                "appendfsync everysec",
                "enable-debug-command yes",
                "repl-diskless-sync-delay 0",
                "repl-ping-replica-period 1",
                "repl-timeout 5",
                "replica-announce-ip 127.0.0.1",
                "replica-announce-port " + proxy));
    if (!nodes.isEmpty()) {
      settings.add("replicaof 127.0.0.1 " + nodes.get(0).proxy().port());
    }
    return settings;
  }

  private List<String> watched() {
    return List.of(
        "sentinel monitor " + NAME + " 127.0.0.1 " + nodes.get(0).proxy().port() + " 2",
        "sentinel down-after-milliseconds " + NAME + " 1000",
        "sentinel failover-timeout " + NAME + " 3000",
        "sentinel parallel-syncs " + NAME + " 1");
  }

  @Override
  public List<String> settings() {
    List<String> settings = new ArrayList<>();
    settings.add("quarkus.redis.client-type=sentinel");
    settings.add("quarkus.redis.master-name=" + NAME);
    settings.add(
        "quarkus.redis.hosts="
            + sentinels.stream()
                .map(sentinel -> "redis://127.0.0.1:" + sentinel.port())
                .collect(Collectors.joining(",")));
    if (isReplicated) {
      settings.add("dueline.durability=replicated");
      settings.add("dueline.durability.replicas=2");
      settings.add("dueline.durability.timeout=1s");
    }
    return settings;
  }

  @Override
  public Node primary(int choice) {
    Set<Integer> ports = addresses();
    return nodes.stream()
        .filter(node -> ports.contains(node.proxy().port()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the sentinels name none of " + nodes));
  }

  @Override
  public boolean canFailOver() {
    return true;
  }

  @Override
  public boolean failOver(Node primary) {
    try {
      return "OK".equals(sentinels.get(0).call("SENTINEL", "FAILOVER", NAME));
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public long epoch() {
    return sentinels.stream().mapToLong(this::epoch).max().orElseThrow();
  }

  private long epoch(RedisServer sentinel) {
    return Long.parseLong(field(sentinel, "config-epoch"));
  }

  @Override
  public boolean isReachable() {
    Set<Integer> ports = addresses();
    return ports.size() == 1
        && nodes.stream()
            .anyMatch(
                node -> ports.contains(node.proxy().port()) && node.takesWrite("chaos-probe"));
  }

  @Override
  public boolean isSettled() {
    return isReachable()
        && nodes.stream().filter(Node::isPrimary).count() == 1
        && nodes.stream().filter(Node::isLinkedReplica).count() == nodes.size() - 1
        && sentinels.stream().allMatch(this::isCalm);
  }

  /** Where the sentinels say that the primary is; more than one: they do not agree. */
  private Set<Integer> addresses() {
    Set<Integer> ports = new HashSet<>();
    for (RedisServer sentinel : sentinels) {
      ports.add(Integer.valueOf(field(sentinel, "port")));
    }
    return ports;
  }

  private boolean isCalm(RedisServer sentinel) {
    return field(sentinel, "flags").equals("master");
  }

  private boolean knowsAll(RedisServer sentinel) {
    return field(sentinel, "num-slaves").equals("2")
        && field(sentinel, "num-other-sentinels").equals("2");
  }

  /** One field of what a sentinel knows of the primary. */
  private String field(RedisServer sentinel, String name) {
    try {
      List<?> fields = (List<?>) sentinel.call("SENTINEL", "MASTER", NAME);
      return (String) fields.get(fields.indexOf(name) + 1);
    } catch (IOException e) {
      throw new IllegalStateException("a sentinel of ours does not answer", e);
    }
  }

  @Override
  public boolean isOn(Node node, String queue, String job) {
    return true;
  }

  @Override
  public void close() {
    sentinels.forEach(RedisServer::close);
    nodes.forEach(Node::close);
  }
}
