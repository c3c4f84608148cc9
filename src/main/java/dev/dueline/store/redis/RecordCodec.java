package dev.dueline.store.redis;

import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.NewJob;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.StoredJob;
import dev.dueline.store.StoreReplyException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads records. The fixed header is written by {@code schedule.lua}; see {@code
 * prelude.lua} for its layout. Meta is nothing at all for a job with neither policy nor attributes;
 * else 1 and the policy, or 0; then the attributes, each text with its length.
 */
final class RecordCodec {
  private static final byte VERSION = 1;
  private static final int FINGERPRINT_BYTES = 16;

  private RecordCodec() {}

  /** What stands behind the header: length of meta, meta, payload. */
  static byte[] encode(NewJob job) {
    byte[] meta = encodeMeta(job.retryPolicy(), job.attributes());
    return ByteBuffer.allocate(Integer.BYTES + meta.length + job.payload().length)
        .putInt(meta.length)
        .put(meta)
        .put(job.payload())
        .array();
  }

  /**
   * Tells one request from another: a hash over the request as given, so that a delay stays a
   * delay.
   */
  static byte[] fingerprint(NewJob job, byte[] encoded) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update((byte) (job.due() instanceof Due.After ? 1 : 0));
      sha.update(
          ByteBuffer.allocate(2 * Long.BYTES).putLong(job.due().ms()).putLong(job.ttlMs()).array());
      sha.update(encoded);
      return Arrays.copyOf(sha.digest(), FINGERPRINT_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads a record, with or without its payload. */
  static StoredJob decode(JobId id, byte[] record) {
    try {
      ByteBuffer in = ByteBuffer.wrap(record);
      byte version = in.get();
      if (version != VERSION) {
        throw new StoreReplyException("a record of an unknown layout: version " + version, null);
      }
      long due = readMs(in);
      long created = readMs(in);
      long ttl = readMs(in);
      in.position(in.position() + FINGERPRINT_BYTES);
      ByteBuffer meta = in.slice(in.position() + Integer.BYTES, in.getInt());
      in.position(in.position() + meta.remaining());
      RetryPolicy policy = meta.hasRemaining() ? readPolicy(meta) : null;
      SortedMap<String, String> attributes = readAttributes(meta);
      byte[] payload = Arrays.copyOfRange(record, in.position(), record.length);
      return new StoredJob(id, due, created, ttl, policy, attributes, payload);
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new StoreReplyException("a record that cannot be read", e);
    }
  }

  private static byte[] encodeMeta(@Nullable RetryPolicy policy, Map<String, String> attributes) {
    if (policy == null && attributes.isEmpty()) {
      return new byte[0];
    }
    int size = 1 + (policy == null ? 0 : Integer.BYTES + 4 * Long.BYTES);
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      size += 2 * Integer.BYTES + 3 * (attribute.getKey().length() + attribute.getValue().length());
    }
    ByteBuffer out = ByteBuffer.allocate(size);
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

  private static SortedMap<String, String> readAttributes(ByteBuffer in) {
    SortedMap<String, String> attributes = new TreeMap<>();
    while (in.hasRemaining()) {
      attributes.put(readText(in), readText(in));
    }
    return attributes;
  }

  private static void writeText(ByteBuffer out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.putInt(bytes.length).put(bytes);
  }

  private static String readText(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static long readMs(ByteBuffer in) {
    return ((long) (in.getShort() & 0xFFFF) << 32) | (in.getInt() & 0xFFFFFFFFL);
  }
}
