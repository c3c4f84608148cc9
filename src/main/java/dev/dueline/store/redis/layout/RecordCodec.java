package dev.dueline.store.redis.layout;

import static dev.dueline.store.redis.layout.RecordLayout.CREATED_AT;
import static dev.dueline.store.redis.layout.RecordLayout.DUE_AT;
import static dev.dueline.store.redis.layout.RecordLayout.FLAGS_AT;
import static dev.dueline.store.redis.layout.RecordLayout.HAS_ATTRIBUTES;
import static dev.dueline.store.redis.layout.RecordLayout.HAS_POLICY;
import static dev.dueline.store.redis.layout.RecordLayout.HAS_SERIES;
import static dev.dueline.store.redis.layout.RecordLayout.HAS_TRACE;
import static dev.dueline.store.redis.layout.RecordLayout.HAS_TTL;
import static dev.dueline.store.redis.layout.RecordLayout.IS_DELAY;
import static dev.dueline.store.redis.layout.RecordLayout.IS_DUE_BY_RULE;
import static dev.dueline.store.redis.layout.RecordLayout.SECTIONS_AT;

import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.StoredJob;
import dev.dueline.job.TraceParent;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads records, in the layout of the table of the package. Java writes the request,
 * {@code schedule.lua} what comes before it.
 */
public final class RecordCodec {
  private static final int FLAGS = 8;

  private RecordCodec() {}

  /**
   * The request as given: a delay stays a delay. Two requests are the same if and only if these
   * bytes are, but for the trace.
   */
  public static byte[] encode(NewJob job) {
    int flags = job.due() instanceof Due.After ? IS_DELAY : 0;
    flags |= job.due() instanceof Due.ByRule ? IS_DUE_BY_RULE : 0;
    int size = SECTIONS_AT - FLAGS_AT + job.payload().length;
    byte[] @Nullable [] sections = sections(job);
    for (int i = 0; i < FLAGS; i++) {
      byte[] section = sections[i];
      if (section != null) {
        flags |= 1 << i;
        size += RecordLayout.sizeOf(section);
      }
    }
    ByteBuffer out = ByteBuffer.allocate(size).put((byte) flags);
    RecordLayout.writeMs(out, job.due().ms());
    for (byte[] section : sections) {
      if (section != null) {
        RecordLayout.write(out, section);
      }
    }
    return out.put(job.payload()).array();
  }

  /** The content of each section, at the bit of its flag; null: the job has none. */
  private static byte[] @Nullable [] sections(NewJob job) {
    byte[] @Nullable [] sections = new byte[FLAGS][];
    if (job.ttlMs() > 0) {
      sections[bit(HAS_TTL)] = RecordLayout.shortMs(job.ttlMs());
    }
    if (job.recurrence() != null) {
      sections[bit(HAS_SERIES)] = SeriesCodec.encode(job.recurrence());
    }
    if (job.trace() != null) {
      sections[bit(HAS_TRACE)] = TraceCodec.encode(job.trace());
    }
    if (job.retryPolicy() != null) {
      sections[bit(HAS_POLICY)] = encode(job.retryPolicy());
    }
    if (!job.attributes().isEmpty()) {
      sections[bit(HAS_ATTRIBUTES)] = encode(job.attributes());
    }
    return sections;
  }

  /**
   * Reads a record as {@link #read} does; an unreadable one, which scripts give as empty, is a job
   * that has nothing but its id.
   */
  public static StoredJob decode(JobId id, byte[] record) {
    return read(id, record).orElseGet(() -> unreadable(id));
  }

  /**
   * Reads a record, with or without its payload. One whose policy, attributes, trace or series are
   * unreadable has none of its own.
   *
   * @return empty if it is of another layout, or damaged
   */
  public static Optional<StoredJob> read(JobId id, byte[] record) {
    try {
      ByteBuffer in = ByteBuffer.wrap(record);
      if (in.get() != RecordLayout.NUMBER) {
        return Optional.empty();
      }
      int flags = record[FLAGS_AT] & 0xFF;
      @Nullable ByteBuffer[] sections = new ByteBuffer[FLAGS];
      in.position(SECTIONS_AT);
      for (int i = bit(HAS_TTL); i < FLAGS; i++) {
        sections[i] = (flags & 1 << i) == 0 ? null : RecordLayout.read(in);
      }
      byte[] payload = Arrays.copyOfRange(record, in.position(), record.length);
      ByteBuffer ttl = sections[bit(HAS_TTL)];
      ByteBuffer series = sections[bit(HAS_SERIES)];
      return Optional.of(
          new StoredJob(
              id,
              RecordLayout.readMs(in.position(DUE_AT)),
              RecordLayout.readMs(in.position(CREATED_AT)),
              ttl == null ? 0 : RecordLayout.readShortMs(ttl),
              policy(sections[bit(HAS_POLICY)]),
              attributes(sections[bit(HAS_ATTRIBUTES)], sections[bit(HAS_TRACE)]),
              payload,
              series == null ? null : SeriesCodec.decode(series)));
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static StoredJob unreadable(JobId id) {
    return new StoredJob(id, 0, 0, 0, null, new TreeMap<>(), new byte[0]);
  }

  private static int bit(int flag) {
    return Integer.numberOfTrailingZeros(flag);
  }

  private static byte[] encode(RetryPolicy policy) {
    return ByteBuffer.allocate(Integer.BYTES + 4 * Long.BYTES)
        .putInt(policy.maxAttempts())
        .putLong(policy.initialBackoffMs())
        .putLong(policy.maxBackoffMs())
        .putDouble(policy.multiplier())
        .putDouble(policy.jitter())
        .array();
  }

  private static @Nullable RetryPolicy policy(@Nullable ByteBuffer in) {
    try {
      return in == null
          ? null
          : new RetryPolicy(
              in.getInt(), in.getLong(), in.getLong(), in.getDouble(), in.getDouble());
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return null;
    }
  }

  private static byte[] encode(Map<String, String> attributes) {
    byte[][] texts = new byte[2 * attributes.size()][];
    int size = 0;
    int i = 0;
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      texts[i] = attribute.getKey().getBytes(StandardCharsets.UTF_8);
      texts[i + 1] = attribute.getValue().getBytes(StandardCharsets.UTF_8);
      size += RecordLayout.sizeOf(texts[i]) + RecordLayout.sizeOf(texts[i + 1]);
      i += 2;
    }
    ByteBuffer out = ByteBuffer.allocate(size);
    for (byte[] text : texts) {
      RecordLayout.write(out, text);
    }
    return out.array();
  }

  private static SortedMap<String, String> attributes(
      @Nullable ByteBuffer in, @Nullable ByteBuffer trace) {
    SortedMap<String, String> attributes = new TreeMap<>();
    TraceParent scheduledIn = trace == null ? null : TraceCodec.decode(trace);
    try {
      while (in != null && in.hasRemaining()) {
        attributes.put(RecordLayout.readText(in), RecordLayout.readText(in));
      }
    } catch (BufferUnderflowException e) {
      attributes.clear();
    }
    if (scheduledIn != null) {
      attributes.put(TraceParent.ATTRIBUTE, scheduledIn.toString());
    }
    return attributes;
  }
}
