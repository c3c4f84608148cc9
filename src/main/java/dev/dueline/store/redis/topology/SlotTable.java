package dev.dueline.store.redis.topology;

import dev.dueline.job.Shard;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.impl.ZModem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which node of a cluster serves which slot, as one node saw it at one time. Immutable. */
final class SlotTable {
  private static final int SLOTS = 16_384;

  private final @Nullable String[] owners = new String[SLOTS];
  private final Set<String> nodes = new HashSet<>();
  private final long epoch;
  private final boolean isComplete;

  /**
   * Reads a reply.
   *
   * @param asked the node that replied
   * @param slots its reply to CLUSTER SLOTS
   * @param info its reply to CLUSTER INFO
   */
  SlotTable(String asked, Response slots, String info) {
    for (Response range : slots) {
      String owner = uri(asked, range.get(2));
      for (int slot = range.get(0).toInteger(); slot <= range.get(1).toInteger(); slot++) {
        owners[slot] = owner;
      }
      for (int i = 2; i < range.size(); i++) {
        nodes.add(uri(asked, range.get(i)));
      }
    }
    epoch =
        info.lines()
            .filter(line -> line.startsWith("cluster_current_epoch:"))
            .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
            .findFirst()
            .orElse(0);
    isComplete = info.contains("cluster_state:ok");
  }

  static int slotOf(byte[] key) {
    return ZModem.generate(key);
  }

  /** The primary of a slot, or null if nobody serves it. */
  @Nullable String owner(int slot) {
    return owners[slot];
  }

  /** All nodes, replicas too. */
  Set<String> nodes() {
    return nodes;
  }

  /** All nodes that serve slots. */
  Set<String> primaries() {
    Set<String> found = new LinkedHashSet<>();
    Stream.of(owners).filter(Objects::nonNull).forEach(found::add);
    return found;
  }

  boolean hasSameOwners(SlotTable other) {
    return Arrays.equals(owners, other.owners);
  }

  /** Grows with each failover that a node has heard of. */
  long epoch() {
    return epoch;
  }

  /** Whether the node that replied sees itself among the majority. */
  boolean isComplete() {
    return isComplete;
  }

  /** All primaries, each with a shard that its slots hold. */
  List<ShardGroup> groups() {
    Set<String> open = primaries();
    List<ShardGroup> groups = new ArrayList<>();
    for (int i = 0; !open.isEmpty() && i < 100 * SLOTS; i++) {
      Shard canary = ShardGroup.canary(i);
      String owner = owners[slotOf(canary.toString().getBytes(StandardCharsets.UTF_8))];
      if (owner != null && open.remove(owner)) {
        groups.add(new ShardGroup(Clients.name(owner), canary));
      }
    }
    return groups;
  }

  /** Since Redis 7, no host stands for the one that was asked. */
  private static String uri(String asked, Response node) {
    Response host = node.get(0);
    int port = node.get(1).toInteger();
    return host == null || host.toString().isEmpty()
        ? Clients.at(asked, Clients.host(asked), port)
        : Clients.at(asked, host.toString(), port);
  }
}
