package dev.dueline.job;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Names one delivery for clients: opaque, URL-safe, and good at any replica. The check sum tells a
 * token that was never issued from one that is merely stale; what keeps a token from being guessed
 * is the random part of its stamp.
 */
public record LeaseToken(Shard shard, LeaseRef lease) {
  /** The longest token, in characters. */
  public static final int MAX_LENGTH = 4 * (1 + 1 + 128 + 2 + 28 + 256 + 4 + 2) / 3;

  private static final byte VERSION = 1;

  /** The token as clients see it. */
  public String encode() {
    byte[] queue = shard.queue().value().getBytes(StandardCharsets.US_ASCII);
    byte[] id = lease.id().bytes();
    ByteBuffer out = ByteBuffer.allocate(8 + queue.length + LeaseStamp.BYTES + id.length);
    out.put(VERSION).put((byte) queue.length).put(queue).putShort((short) shard.index());
    out.put(lease.stamp().bytes()).put(id);
    out.putInt(checkSum(out.array(), out.position()));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(out.array());
  }

  /** Reads a token; empty if this service never issued it. */
  public static Optional<LeaseToken> decode(String text) {
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      ByteBuffer in = ByteBuffer.wrap(bytes);
      int end = bytes.length - Integer.BYTES;
      if (in.get() != VERSION || end < 0 || in.getInt(end) != checkSum(bytes, end)) {
        return Optional.empty();
      }
      QueueName queue = new QueueName(readText(in, in.get() & 0xFF));
      Shard shard = new Shard(queue, in.getShort() & 0xFFFF);
      LeaseStamp stamp = LeaseStamp.of(in);
      JobId id = new JobId(readText(in, end - in.position()));
      return Optional.of(new LeaseToken(shard, new LeaseRef(id, stamp)));
    } catch (IllegalArgumentException | BufferUnderflowException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private static String readText(ByteBuffer in, int length) {
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException("text of " + length + " bytes");
    }
    byte[] text = new byte[length];
    in.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private static int checkSum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
