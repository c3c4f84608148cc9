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
  private final String prefix;
  private boolean hasDeliveries;

  ShardKeys(Reads reads, Lines lines) {
    this.reads = reads;
    this.lines = lines;
    String meta = RedisKeys.meta(reads.shard());
    this.prefix = meta.substring(0, meta.length() - "meta".length());
  }

  /** All of them, and no more than so many entries of each. */
  void print(int most) {
    hasDeliveries = reads.type(prefix + "deliveries").filter("hash"::equals).isPresent();
    printFields();
    printIndex("pending", "due", most);
    printIndex("leases", "until", most);
    printIndex("dead", "since", most);
    printIndex("ttls", "over", most);
    for (String key : List.of("jobs", "deliveries", "requests", "older_requests", "stream")) {
      printSize(key);
    }
  }

  private Optional<String> printSize(String key) {
    Optional<String> type = reads.type(prefix + key);
    String what = type.map(found -> found + " of " + reads.size(prefix + key, found)).orElse("–");
    lines.add("%-14s %-16s %s".formatted(key, what, prefix + key));
    return type;
  }

  private void printFields() {
    if (printSize("meta").filter("hash"::equals).isEmpty()) {
      return;
    }
    List<byte[]> fields = reads.fields(prefix + "meta");
    for (int i = 0; i + 1 < fields.size(); i += 2) {
      lines.field(Lines.text(fields.get(i)), lines.number(Lines.text(fields.get(i + 1))));
    }
  }

  private void printIndex(String key, String word, int most) {
    if (printSize(key).filter("zset"::equals).isEmpty()) {
      return;
    }
    for (Reads.Entry entry : reads.first(prefix + key, most)) {
      lines.add(
          "  %s %s  %s%s"
              .formatted(
                  word,
                  lines.time(entry.score()),
                  Lines.id(entry.member()),
                  key.equals("ttls") ? "" : delivery(entry.member())));
    }
  }

  private String delivery(byte[] id) {
    Optional<byte[]> packed =
        hasDeliveries ? reads.field(prefix + "deliveries", id) : Optional.empty();
    if (packed.isEmpty()) {
      return "";
    }
    try {
      DeliveryRecord found = DeliveryRecord.of(packed.get());
      return "  failed "
          + found.failedAttempts()
          + found.lease().map(lease -> ", " + JobRecord.text(lease)).orElse("")
          + (found.lastFailure().isEmpty() ? "" : ", " + Lines.printable(found.lastFailure()));
    } catch (BufferUnderflowException e) {
      return "  delivery cut short: " + Lines.hex(packed.get());
    }
  }

  /** The name of a key of the shard. */
  String key(String name) {
    return prefix + name;
  }
}
