package dev.dueline.store.redis.topology;

import dev.dueline.job.Shard;
import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.RedisServer;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Three real nodes without replicas, a third of the slots each, whose slots can be moved. */
final class TestCluster implements AutoCloseable {
  private static final int SLOTS = 16_384;

  /** A node's own choice of the port for its peers. */
  private static final int BUS_OFFSET = 10_000;

  /** No node takes another for lost because the machine, or a test, had it stand still. */
  private static final String PATIENCE = "cluster-node-timeout 60000";

  private final List<RedisServer> nodes = new ArrayList<>();

  /** Starts them, and waits until they are a cluster. */
  TestCluster(Path data, String... settings) throws IOException {
    List<String> lines = new ArrayList<>(List.of("save \"\"", "cluster-enabled yes", PATIENCE));
    lines.addAll(List.of(settings));
    for (int i = 0; i < 3; i++) {
      nodes.add(RedisServer.start(data.resolve("node" + i), port(), lines));
    }
    for (int i = 0; i < 3; i++) {
      List<String> command = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
      IntStream.range(i * SLOTS / 3, (i + 1) * SLOTS / 3)
          .forEach(slot -> command.add(Integer.toString(slot)));
      node(i).call(command.toArray(String[]::new));
      node(i).call("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
    }
    for (int i = 1; i < 3; i++) {
      node(0).call("CLUSTER", "MEET", "127.0.0.1", Integer.toString(node(i).port()));
    }
    awaitWell();
  }

  /** So low that the port for the peers is not one that outgoing connections get. */
  private static int port() {
    return Stream.generate(LoopbackPort::free)
        .filter(port -> port < 32_000 - BUS_OFFSET && isFree(port + BUS_OFFSET))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  RedisServer node(int index) {
    return nodes.get(index);
  }

  /** Waits until all know all, and serve. */
  void awaitWell() {
    Awaitility.await("the cluster")
        .atMost(Duration.ofSeconds(120))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> nodes.stream().allMatch(TestCluster::isWell));
  }

  /**
   * Takes a slot from whoever serves it, until all know that nobody does: what a node said of its
   * slots before may reach another after that forgot it.
   */
  void unassign(String slot) {
    Awaitility.await("nobody who serves slot " + slot)
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> assigned(slot) == 0);
  }

  /** How many nodes knew who serves a slot, which they have forgotten by now. */
  private int assigned(String slot) throws IOException {
    int assigned = 0;
    for (RedisServer node : nodes) {
      if (((String) node.call("CLUSTER", "INFO")).contains("cluster_slots_assigned:" + SLOTS)) {
        node.call("CLUSTER", "DELSLOTS", slot);
        assigned++;
      }
    }
    return assigned;
  }

  private static boolean isWell(RedisServer node) {
    try {
      String info = (String) node.call("CLUSTER", "INFO");
      String known = (String) node.call("CLUSTER", "NODES");
      return info.contains("cluster_state:ok")
          && known.lines().count() == 3
          && known.lines().noneMatch(line -> line.contains("fail") || line.contains("handshake"));
    } catch (IOException e) {
      return false;
    }
  }

  /** What a gateway needs to know; all nodes are named, in order. */
  RedisOptions options() {
    RedisOptions options = new RedisOptions().setType(RedisClientType.CLUSTER);
    nodes.forEach(node -> options.addConnectionString("redis://127.0.0.1:" + node.port()));
    return options;
  }

  /** The slot of a shard, as a node computes it. */
  String slot(Shard shard) throws IOException {
    return node(0).call("CLUSTER", "KEYSLOT", "{" + shard + "}").toString();
  }

  /** The index of the node that has the shard when nothing was moved. */
  int home(Shard shard) throws IOException {
    int slot = Integer.parseInt(slot(shard));
    return IntStream.range(0, 3).filter(i -> slot < (i + 1) * SLOTS / 3).findFirst().orElseThrow();
  }

  /** From now on what the source does not have is asked of the target. */
  void beginMove(Shard shard, int source, int target) throws IOException {
    String slot = slot(shard);
    node(target).call("CLUSTER", "SETSLOT", slot, "IMPORTING", id(source));
    node(source).call("CLUSTER", "SETSLOT", slot, "MIGRATING", id(target));
  }

  /** The keys that a node has of a shard. */
  List<String> keys(Shard shard, int node) throws IOException {
    List<?> found = (List<?>) node(node).call("CLUSTER", "GETKEYSINSLOT", slot(shard), "1000");
    return found.stream().map(Object::toString).toList();
  }

  void migrate(List<String> keys, int source, int target) throws IOException {
    if (!keys.isEmpty()) {
      String port = Integer.toString(node(target).port());
      List<String> command =
          new ArrayList<>(List.of("MIGRATE", "127.0.0.1", port, "", "0", "20000", "KEYS"));
      command.addAll(keys);
      node(source).call(command.toArray(String[]::new));
    }
  }

  /** Moves what is left, and tells every node. */
  void finishMove(Shard shard, int source, int target) throws IOException {
    migrate(keys(shard, source), source, target);
    for (int i : new int[] {target, source, 3 - source - target}) {
      node(i).call("CLUSTER", "SETSLOT", slot(shard), "NODE", id(target));
    }
  }

  /** How many errors of a kind a node has answered, such as MOVED. */
  long errors(int node, String kind) throws IOException {
    String line = "errorstat_" + kind + ":count=";
    return ((String) node(node).call("INFO", "errorstats"))
        .lines()
        .filter(each -> each.startsWith(line))
        .mapToLong(each -> Long.parseLong(each.substring(line.length()).strip()))
        .findFirst()
        .orElse(0);
  }

  private String id(int node) throws IOException {
    return (String) node(node).call("CLUSTER", "MYID");
  }

  @Override
  public void close() {
    nodes.forEach(RedisServer::close);
  }
}
