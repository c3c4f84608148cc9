package dev.dueline.ops.debug;

import dev.dueline.store.redis.layout.DeliveryRecord;
import dev.dueline.store.redis.layout.RedisKeys;
import java.nio.BufferUnderflowException;
import java.util.List;
import java.util.Optional;

/** Prints the keys of a shard, and the first entries of each index. Not thread-safe. */
final class ShardKeys {
  private final Reads reads;
  private final Lines lines;
  private boolean hasDeliveries;

  ShardKeys(Reads reads, Lines lines) {
    this.reads = reads;
    this.lines = lines;
  }

  /** All of them, and no more than so many entries of each. */
  void print(int most) {
    hasDeliveries = reads.type(key("deliveries")).filter("hash"::equals).isPresent();
    printFields();
    printIndex("pending", "due", most);
    printIndex("leases", "until", most);
    printIndex("dead", "since", most);
    printIndex("ttls", "over", most);
    for (String name : List.of("jobs", "deliveries", "requests", "older_requests", "stream")) {
      printSize(name);
    }
  }

  private Optional<String> printSize(String name) {
    String key = key(name);
    Optional<String> type = reads.type(key);
    String what = type.map(found -> found + " of " + reads.size(key, found)).orElse("–");
    lines.add("%-14s %-16s %s".formatted(name, what, key));
    return type;
  }

  private void printFields() {
    if (printSize("meta").filter("hash"::equals).isEmpty()) {
      return;
    }
    List<byte[]> fields = reads.fields(key("meta"));
    for (int i = 0; i + 1 < fields.size(); i += 2) {
      lines.field(Lines.text(fields.get(i)), lines.number(Lines.text(fields.get(i + 1))));
    }
  }

  private void printIndex(String name, String word, int most) {
    if (printSize(name).filter("zset"::equals).isEmpty()) {
      return;
    }
    for (Reads.Entry entry : reads.first(key(name), most)) {
      lines.add(
          "  %s %s  %s%s"
              .formatted(
                  word,
                  lines.time(entry.score()),
                  Lines.id(entry.member()),
                  name.equals("ttls") ? "" : delivery(entry.member())));
    }
  }

  private String delivery(byte[] id) {
    Optional<byte[]> packed = hasDeliveries ? reads.field(key("deliveries"), id) : Optional.empty();
    if (packed.isEmpty()) {
      return "";
    }
    try {
      DeliveryRecord found = DeliveryRecord.of(packed.get());
      return "  failed "
          + found.failedAttempts()
          + found.lease().map(lease -> ", " + JobRecord.text(lease)).orElse("")
          + (found.failures().last().isEmpty()
              ? ""
              : ", " + Lines.printable(found.failures().last()));
    } catch (BufferUnderflowException e) {
      return "  delivery cut short: " + Lines.hex(DeliveryRecord.beforeNonce(packed.get()));
    }
  }

  /** The name of a key of the shard. */
  String key(String name) {
    return RedisKeys.named(reads.shard(), name);
  }
}
