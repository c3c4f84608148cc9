package dev.dueline.system.chaos.topology;

import dev.dueline.job.JobId;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.system.process.LoopbackPort;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Three primaries with a replica each. */
final class ClusterTopology implements Topology {
  private static final int GROUPS = 3;
  private static final int SLOTS = 16_384;

  /** Shards of a queue: two for each group would be the mean. */
  private static final int SHARDS = 6;

  private static final Set<String> IN_DOUBT = Set.of("fail", "fail?", "handshake", "noaddr");

  /** Node i and node i + GROUPS have the same slots. */
  private final List<Node> nodes = new ArrayList<>();

  private final Map<Node, Integer> buses = new HashMap<>();
  private final List<String> probes;

  /**
   * Starts all, and waits until they are a cluster.
   *
   * @param isFailingOver whether a replica takes the place of its primary by itself
   */
  ClusterTopology(Path data, boolean isFailingOver) throws IOException {
    for (int i = 0; i < 2 * GROUPS; i++) {
      int bus = LoopbackPort.free();
      nodes.add(Node.start("node" + i, data, (port, proxy) -> settings(proxy, bus, isFailingOver)));
      buses.put(nodes.get(i), bus);
    }
    probes = IntStream.range(0, GROUPS).mapToObj(ClusterTopology::probe).toList();
    for (int i = 0; i < GROUPS; i++) {
      String first = Integer.toString(firstSlot(i));
      String last = Integer.toString(firstSlot(i + 1) - 1);
      nodes.get(i).server().call("CLUSTER", "ADDSLOTSRANGE", first, last);
    }
    for (int i = 0; i < nodes.size(); i++) {
      // Else they would settle who has which epoch by what looks like failovers.
      nodes.get(i).server().call("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
    }
    for (Node node : nodes.subList(1, nodes.size())) {
      String port = Integer.toString(node.proxy().port());
      String bus = Integer.toString(buses.get(node));
      nodes.get(0).server().call("CLUSTER", "MEET", "127.0.0.1", port, bus);
    }
    for (int i = 0; i < GROUPS; i++) {
      follow(nodes.get(i), nodes.get(GROUPS + i));
    }
    Awaitility.await("the cluster")
        .atMost(Duration.ofSeconds(180))
        .pollInterval(Duration.ofMillis(100))
        .until(this::isSettled);
  }

  private static List<String> settings(int proxy, int bus, boolean isFailingOver) {
    return List.of(
        "save \"\"",
        "appendonly yes",
        "appendfsync everysec",
        "enable-debug-command yes",
        "repl-diskless-sync-delay 0",
        "repl-ping-replica-period 1",
        "repl-timeout 5",
        "cluster-enabled yes",
        "cluster-node-timeout 1000",
        "cluster-require-full-coverage no",
        "cluster-allow-replica-migration no",
        "cluster-replica-no-failover " + (isFailingOver ? "no" : "yes"),
        "cluster-port " + bus,
        "cluster-announce-ip 127.0.0.1",
        "cluster-announce-port " + proxy,
        "cluster-announce-bus-port " + bus);
  }

  private static void follow(Node primary, Node replica) throws IOException {
    String id = (String) primary.server().call("CLUSTER", "MYID");
    Awaitility.await(replica + " to follow " + primary)
        .atMost(Duration.ofSeconds(120))
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .until(() -> "OK".equals(replica.server().call("CLUSTER", "REPLICATE", id)));
  }

  /** A key of that group. */
  private static String probe(int group) {
    return IntStream.range(0, SLOTS)
        .mapToObj(i -> "chaos-probe-" + i)
        .filter(key -> group(KeySlot.of(key)) == group)
        .findFirst()
        .orElseThrow();
  }

  private static int firstSlot(int group) {
    return group * SLOTS / GROUPS;
  }

  private static int group(int slot) {
    return IntStream.range(0, GROUPS)
        .filter(i -> slot < firstSlot(i + 1))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public List<String> settings() {
    return List.of(
        "quarkus.redis.client-type=cluster",
        "quarkus.redis.hosts=" + nodes.stream().map(Node::uri).collect(Collectors.joining(",")),
        "dueline.queues.shards=" + SHARDS);
  }

  @Override
  public Node primary(int choice) {
    int group = Math.floorMod(choice, GROUPS);
    return members(group).stream()
        .filter(Node::isPrimary)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no primary in group " + group));
  }

  private List<Node> members(int group) {
    return List.of(nodes.get(group), nodes.get(GROUPS + group));
  }

  @Override
  public boolean canFailOver() {
    return true;
  }

  @Override
  public boolean failOver(Node primary) {
    Node replica = nodes.get((nodes.indexOf(primary) + GROUPS) % nodes.size());
    try {
      return "OK".equals(replica.server().call("CLUSTER", "FAILOVER"));
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public long epoch() {
    return nodes.stream().mapToLong(ClusterTopology::epoch).max().orElseThrow();
  }

  /** The greatest epoch of an election that was won, as far as that node knows. */
  private static long epoch(Node node) {
    try {
      String known = (String) node.server().call("CLUSTER", "NODES");
      return known
          .lines()
          .map(line -> line.split(" "))
          .filter(fields -> fields[2].contains("master"))
          .mapToLong(fields -> Long.parseLong(fields[6]))
          .max()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public boolean isReachable() {
    return IntStream.range(0, GROUPS)
        .allMatch(
            group -> members(group).stream().anyMatch(node -> node.takesWrite(probes.get(group))));
  }

  @Override
  public boolean isSettled() {
    return IntStream.range(0, GROUPS).allMatch(this::isSettled)
        && nodes.stream().allMatch(this::isContent)
        && isReachable();
  }

  private boolean isSettled(int group) {
    List<Node> members = members(group);
    return members.stream().filter(Node::isPrimary).count() == 1
        && members.stream().filter(Node::isLinkedReplica).count() == 1;
  }

  /** Whether a node knows all others, and thinks well of them. */
  private boolean isContent(Node node) {
    try {
      String known = (String) node.server().call("CLUSTER", "NODES");
      String state = (String) node.server().call("CLUSTER", "INFO");
      return state.contains("cluster_state:ok")
          && known.lines().count() == nodes.size()
          && known.lines().map(line -> line.split(" ")[2]).noneMatch(ClusterTopology::isInDoubt);
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isInDoubt(String flags) {
    return Stream.of(flags.split(",")).anyMatch(IN_DOUBT::contains);
  }

  @Override
  public boolean isOn(Node node, String queue, String job) {
    Shard shard = new QueueLayout(new QueueName(queue), SHARDS).shardOf(new JobId(job));
    int group = group(KeySlot.of(shard.toString()));
    return nodes.indexOf(node) % GROUPS == group;
  }

  @Override
  public void close() {
    nodes.forEach(Node::close);
  }
}
