package dev.dueline.store.redis.layout;

import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.StoredJob;
import dev.dueline.job.TraceParent;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.job.recurrence.Runs;
import dev.dueline.job.recurrence.Series;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads records. Java writes the request, {@code schedule.lua} what stands before it;
 * see {@code records.lua} for the layout. Meta is the recurrence, if the flags say so; the policy,
 * behind 1, or 0; then the attributes, each text with its length.
 */
public final class RecordCodec {
  private static final byte LAYOUT = 2;
  private static final int IS_DELAY = 1;
  private static final int HAS_TTL = 2;
  private static final int HAS_META = 4;
  private static final int RECURS = 8;
  private static final int IS_DUE_BY_RULE = 16;
  private static final int HAS_TRACE = 32;
  private static final int MS_BYTES = 6;

  /** What the scripts keep of how runs ended: nothing yet. */
  private static final byte[] NO_RUNS = new byte[3 * MS_BYTES];

  private RecordCodec() {}

  /**
   * The request as given: a delay stays a delay. Two requests are the same if and only if these
   * bytes are, but for the trace.
   */
  public static byte[] encode(NewJob job) {
    byte[] meta = encodeMeta(job);
    int flags = flags(job);
    int size = 1 + MS_BYTES + job.payload().length;
    if (job.ttlMs() > 0) {
      size += MS_BYTES;
    }
    if (job.trace() != null) {
      size += TraceCodec.BYTES;
    }
    if (job.recurrence() != null) {
      size += NO_RUNS.length;
    }
    if (meta.length > 0) {
      flags |= HAS_META;
      size += Integer.BYTES + meta.length;
    }
    ByteBuffer out = ByteBuffer.allocate(size).put((byte) flags);
    writeMs(out, job.due().ms());
    if (job.ttlMs() > 0) {
      writeMs(out, job.ttlMs());
    }
    if (job.trace() != null) {
      TraceCodec.write(out, job.trace());
    }
    if (job.recurrence() != null) {
      out.put(NO_RUNS);
    }
    if (meta.length > 0) {
      out.putInt(meta.length).put(meta);
    }
    return out.put(job.payload()).array();
  }

  /**
   * Reads a record, with or without its payload. Never fails: an unreadable one, which scripts give
   * as empty, is a job that has nothing but its id; one whose meta is unreadable has no policy and
   * no attributes of its own.
   */
  public static StoredJob decode(JobId id, byte[] record) {
    try {
      ByteBuffer in = ByteBuffer.wrap(record);
      if (in.get() != LAYOUT) {
        return unreadable(id);
      }
      long due = readMs(in);
      long created = readMs(in);
      byte flags = in.get();
      in.position(in.position() + MS_BYTES);
      long ttl = (flags & HAS_TTL) == 0 ? 0 : readMs(in);
      TraceParent trace = (flags & HAS_TRACE) == 0 ? null : TraceCodec.read(in);
      boolean recurs = (flags & RECURS) != 0;
      Runs runs = recurs ? new Runs(readMs(in), readMs(in), readMs(in)) : Runs.NONE;
      RetryPolicy policy = null;
      Recurrence recurrence = null;
      SortedMap<String, String> attributes = new TreeMap<>();
      if ((flags & HAS_META) != 0) {
        ByteBuffer meta = in.slice(in.position() + Integer.BYTES, in.getInt());
        in.position(in.position() + meta.remaining());
        recurrence = recurs ? RecurrenceCodec.read(meta) : null;
        policy = readMeta(meta, attributes);
      }
      if (trace != null) {
        attributes.put(TraceParent.ATTRIBUTE, trace.toString());
      }
      byte[] payload = Arrays.copyOfRange(record, in.position(), record.length);
      Series series = recurrence == null ? null : new Series(recurrence, runs);
      return new StoredJob(id, due, created, ttl, policy, attributes, payload, series);
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      return unreadable(id);
    }
  }

  private static StoredJob unreadable(JobId id) {
    return new StoredJob(id, 0, 0, 0, null, new TreeMap<>(), new byte[0]);
  }

  private static @Nullable RetryPolicy readMeta(
      ByteBuffer meta, SortedMap<String, String> attributes) {
    try {
      RetryPolicy policy = readPolicy(meta);
      readAttributes(meta, attributes);
      return policy;
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      attributes.clear();
      return null;
    }
  }

  private static int flags(NewJob job) {
    int flags = job.due() instanceof Due.After ? IS_DELAY : 0;
    flags |= job.due() instanceof Due.ByRule ? IS_DUE_BY_RULE : 0;
    flags |= job.ttlMs() > 0 ? HAS_TTL : 0;
    flags |= job.trace() == null ? 0 : HAS_TRACE;
    return job.recurrence() == null ? flags : flags | RECURS;
  }

  private static byte[] encodeMeta(NewJob job) {
    RetryPolicy policy = job.retryPolicy();
    Map<String, String> attributes = job.attributes();
    if (policy == null && attributes.isEmpty() && job.recurrence() == null) {
      return new byte[0];
    }
    int size =
        RecurrenceCodec.MAX_BYTES + 1 + (policy == null ? 0 : Integer.BYTES + 4 * Long.BYTES);
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      size += 2 * Integer.BYTES + 3 * (attribute.getKey().length() + attribute.getValue().length());
    }
    ByteBuffer out = ByteBuffer.allocate(size);
    if (job.recurrence() != null) {
      RecurrenceCodec.write(out, job.recurrence());
    }
    if (policy == null) {
      out.put((byte) 0);
    } else {
      out.put((byte) 1).putInt(policy.maxAttempts());
      out.putLong(policy.initialBackoffMs()).putLong(policy.maxBackoffMs());
      out.putDouble(policy.multiplier()).putDouble(policy.jitter());
    }
    attributes.forEach(
        (name, value) -> {
          writeText(out, name);
          writeText(out, value);
        });
    return Arrays.copyOf(out.array(), out.position());
  }

  private static @Nullable RetryPolicy readPolicy(ByteBuffer in) {
    return in.get() == 0
        ? null
        : new RetryPolicy(in.getInt(), in.getLong(), in.getLong(), in.getDouble(), in.getDouble());
  }

  private static void readAttributes(ByteBuffer in, SortedMap<String, String> attributes) {
    while (in.hasRemaining()) {
      attributes.put(readText(in), readText(in));
    }
  }

  public static void writeText(ByteBuffer out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.putInt(bytes.length).put(bytes);
  }

  public static String readText(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  public static void writeMs(ByteBuffer out, long ms) {
    out.putShort((short) (ms >>> 32)).putInt((int) ms);
  }

  public static long readMs(ByteBuffer in) {
    return ((long) (in.getShort() & 0xFFFF) << 32) | (in.getInt() & 0xFFFFFFFFL);
  }
}
