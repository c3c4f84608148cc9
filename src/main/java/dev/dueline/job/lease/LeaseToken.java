package dev.dueline.job.lease;

import dev.dueline.job.JobId;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Names one delivery for clients: opaque, URL-safe, and good at any replica. The checksum tells a
 * token that was never issued from one that is merely stale; what keeps a token from being guessed
 * is the random part of its lease id.
 */
public record LeaseToken(Shard shard, LeaseRef lease) {
  private static final byte VERSION = 1;

  /** Of a token without the texts and the checksum: version, length, shard, lease id. */
  private static final int LEAST_BYTES = 1 + 1 + 2 + LeaseId.BYTES;

  private static final int MAX_BYTES =
      LEAST_BYTES + QueueName.MAX_LENGTH + JobId.MAX_BYTES + Integer.BYTES;

  /** The longest token, in characters. */
  private static final int MAX_LENGTH = (4 * MAX_BYTES + 2) / 3;

  public LeaseToken {
    shard = shard.place();
  }

  /** The token as clients see it. */
  public String encode() {
    byte[] queue = shard.queue().value().getBytes(StandardCharsets.US_ASCII);
    byte[] id = lease.id().bytes();
    ByteBuffer out = ByteBuffer.allocate(8 + queue.length + LeaseId.BYTES + id.length);
    out.put(VERSION).put((byte) queue.length).put(queue).putShort((short) shard.index());
    out.put(lease.leaseId().bytes()).put(id);
    out.putInt(checksum(out.array(), out.position()));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(out.array());
  }

  /**
   * Reads a token; empty if this service never issued it. Its form is checked without exceptions:
   * clients may send many that are none.
   */
  public static Optional<LeaseToken> decode(String text) {
    if (text.length() > MAX_LENGTH || !isUrlSafeBase64(text)) {
      return Optional.empty();
    }
    byte[] bytes = Base64.getUrlDecoder().decode(text);
    int end = bytes.length - Integer.BYTES;
    if (end < LEAST_BYTES || bytes[0] != VERSION) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int queueBytes = in.get(1) & 0xFF;
    int idBytes = end - LEAST_BYTES - queueBytes;
    if (idBytes < 0 || in.getInt(end) != checksum(bytes, end)) {
      return Optional.empty();
    }
    in.position(2);
    String queue = readText(in, queueBytes);
    int index = in.getShort() & 0xFFFF;
    LeaseId leaseId = LeaseId.of(in);
    String id = readText(in, idBytes);
    return QueueName.isValid(queue) && JobId.isValid(id)
        ? Optional.of(
            new LeaseToken(
                new Shard(new QueueName(queue), index), new LeaseRef(new JobId(id), leaseId)))
        : Optional.empty();
  }

  private static boolean isUrlSafeBase64(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isOfAlphabet =
          c >= 'A' && c <= 'Z'
              || c >= 'a' && c <= 'z'
              || c >= '0' && c <= '9'
              || c == '-'
              || c == '_';
      if (!isOfAlphabet) {
        return false;
      }
    }
    // One character more than whole groups of four stands for no byte.
    return text.length() % 4 != 1;
  }

  private static String readText(ByteBuffer in, int length) {
    byte[] text = new byte[length];
    in.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
