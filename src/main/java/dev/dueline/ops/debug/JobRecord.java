package dev.dueline.ops.debug;

import dev.dueline.job.JobId;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.StoredJob;
import dev.dueline.job.lease.LeaseId;
import dev.dueline.job.recurrence.Cron;
import dev.dueline.job.recurrence.Every;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.job.recurrence.Series;
import dev.dueline.store.redis.layout.DeliveryRecord;
import dev.dueline.store.redis.layout.IdCodec;
import dev.dueline.store.redis.layout.RecordCodec;
import dev.dueline.store.redis.layout.RecordHeader;
import dev.dueline.store.redis.layout.RecordLayout;
import java.nio.BufferUnderflowException;
import java.time.Duration;
import java.util.Optional;

/** Prints all that a shard has of a job. */
final class JobRecord {
  private final Reads reads;
  private final ShardKeys keys;
  private final Lines lines;

  JobRecord(Reads reads, ShardKeys keys, Lines lines) {
    this.reads = reads;
    this.keys = keys;
    this.lines = lines;
  }

  /**
   * The indexes that hold it, its record and its deliveries.
   *
   * @return whether there is anything of it
   */
  boolean print(JobId id, boolean withPayload) {
    byte[] packed = IdCodec.pack(id);
    lines.add("job " + Lines.printable(id.value()));
    lines.field("packed id", Lines.hex(packed));
    boolean isPending = printScore("pending", packed);
    boolean isLeased = printScore("leases", packed);
    boolean isDead = printScore("dead", packed);
    boolean isTimed = printScore("ttls", packed);
    Optional<byte[]> record = reads.field(keys.key("jobs"), packed);
    boolean isReadable = record.map(bytes -> printRecord(id, bytes, withPayload)).orElse(false);
    Optional<byte[]> delivery = reads.field(keys.key("deliveries"), packed);
    delivery.ifPresent(this::printDelivery);
    // The sweep does not look at ttls.
    boolean isIndexed = isPending || isLeased || isDead;
    if (isIndexed && record.isEmpty()) {
      lines.add("no record, unless it ended meanwhile: the sweep removes its entry from the index");
    } else if (!isIndexed && record.isPresent()) {
      lines.add(
          "in no index, unless it moved meanwhile: the sweep "
              + (isReadable ? "puts it back" : "takes it to dead"));
    } else if (isPending && !isReadable) {
      lines.add("goes to dead when it is due, since it cannot be read");
    }
    return isIndexed || isTimed || record.isPresent() || delivery.isPresent();
  }

  /** Whether that index, or the times at which a ttl is over, have it. */
  private boolean printScore(String index, byte[] packed) {
    Optional<Long> score = reads.score(keys.key(index), packed);
    score.ifPresent(ms -> lines.field("in " + index, lines.time(ms)));
    return score.isPresent();
  }

  /** Whether it can be read. */
  private boolean printRecord(JobId id, byte[] record, boolean withPayload) {
    lines.add("record, " + record.length + " bytes");
    Optional<RecordHeader> header = RecordHeader.read(record);
    header.ifPresent(this::print);
    Optional<StoredJob> job = RecordCodec.read(id, record);
    if (header.isEmpty() || job.isEmpty()) {
      lines.field("cannot be read", "of another layout, cut short or damaged");
      if (withPayload) {
        // All of it: nobody knows where the payload begins.
        lines.field("bytes", Lines.hex(record));
      }
      return false;
    }
    printSections(job.get(), header.get());
    byte[] payload = job.get().payload();
    lines.field(
        "payload", payload.length + " bytes" + (withPayload ? ": " + Lines.text(payload) : ""));
    return true;
  }

  private void print(RecordHeader header) {
    lines.field("layout", Integer.toString(header.layout()));
    if (header.layout() == RecordLayout.NUMBER) {
      lines.field("due", lines.time(header.dueMs()));
      lines.field("created", lines.time(header.createdMs()));
      lines.field("flags", String.join(", ", header.flagNames()));
      lines.field(
          "as given",
          header.isDelay() ? "delay " + span(header.givenMs()) : lines.time(header.givenMs()));
    }
  }

  private void printSections(StoredJob job, RecordHeader header) {
    if (job.ttlMs() > 0) {
      lines.field("ttl", span(job.ttlMs()));
    }
    Series series = job.series();
    if (series != null) {
      print(series);
    } else if (header.hasSeries()) {
      lines.field("series", "cannot be followed here");
    }
    RetryPolicy policy = job.retryPolicy();
    if (policy != null) {
      lines.field(
          "policy",
          "%d attempts, backoff %s to %s, times %s, jitter %s"
              .formatted(
                  policy.maxAttempts(),
                  span(policy.initialBackoffMs()),
                  span(policy.maxBackoffMs()),
                  policy.multiplier(),
                  policy.jitter()));
    } else if (header.hasPolicy()) {
      lines.field("policy", "cannot be read");
    }
    job.attributes()
        .forEach(
            (name, value) ->
                lines.field("attribute", Lines.printable(name) + " = " + Lines.printable(value)));
  }

  private void print(Series series) {
    Recurrence recurrence = series.recurrence();
    String rule =
        recurrence.rule() instanceof Cron cron
            ? "cron " + cron.expression() + (cron.zone().isEmpty() ? "" : " in " + cron.zone())
            : "every " + span(((Every) recurrence.rule()).intervalMs());
    lines.field("series", Lines.printable(rule));
    lines.field(
        "runs",
        "%d completed, %d died, %d missed; most %d; missed ones: %s"
            .formatted(
                series.runs().completed(),
                series.runs().died(),
                series.runs().missed(),
                recurrence.maxRuns(),
                recurrence.onMissed()));
    if (recurrence.endMs() > 0) {
      lines.field("end", lines.time(recurrence.endMs()));
    }
  }

  private void printDelivery(byte[] packed) {
    lines.add("deliveries, " + packed.length + " bytes");
    DeliveryRecord found;
    try {
      found = DeliveryRecord.of(packed);
    } catch (BufferUnderflowException e) {
      lines.field("cut short", Lines.hex(DeliveryRecord.beforeNonce(packed)));
      return;
    }
    lines.field("failed attempts", Integer.toString(found.failedAttempts()));
    if (found.recurs()) {
      lines.field("recurs", "yes");
    }
    lines.field("due", lines.time(found.dueMs()));
    lines.field("lease", found.lease().map(JobRecord::text).orElse("none"));
    lines.field("last failure", Lines.printable(found.failures().last()));
    if (found.failures().hasFirst()) {
      lines.field("first failure", Lines.printable(found.failures().first()));
      lines.field("first failed", lines.time(found.failures().firstMs()));
    }
  }

  /** Without its nonce, which with the rest would make a token that settles the job. */
  static String text(LeaseId lease) {
    return lease.isNobodys()
        ? "nobody's, fence " + lease.fence()
        : "fence %d, replica %x, watcher %d"
            .formatted(lease.fence(), lease.replica(), lease.watcher());
  }

  private static String span(long ms) {
    return Duration.ofMillis(ms).toString();
  }
}
