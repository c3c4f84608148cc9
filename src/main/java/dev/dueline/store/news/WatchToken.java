package dev.dueline.store.news;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Names one watch for its client: opaque, URL-safe, and good at any replica. What keeps it from
 * being guessed is its secret; its checksum tells a token that was never issued from that of a
 * watch that is over.
 *
 * @param replica the replica that holds the watch
 * @param watcher the watch, as that replica numbers it
 * @param secretHigh the first half of a random number of 128 bits
 * @param secretLow the second half
 * @param owner stands for the principal that began the watch, see {@link #ownerOf}
 */
public record WatchToken(long replica, int watcher, long secretHigh, long secretLow, long owner) {
  private static final byte VERSION = 1;
  private static final int BYTES = 1 + 8 + 4 + 8 + 8 + 8 + 4;

  /** Length of its text, in characters. */
  private static final int LENGTH = (4 * BYTES + 2) / 3;

  /** What stands for a principal in its tokens: 64 bits of the SHA-256 of its name. */
  public static long ownerOf(String principal) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return ByteBuffer.wrap(sha256.digest(principal.getBytes(StandardCharsets.UTF_8))).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The token as clients see it. */
  public String encode() {
    ByteBuffer out = ByteBuffer.allocate(BYTES);
    out.put(VERSION).putLong(replica).putInt(watcher);
    out.putLong(secretHigh).putLong(secretLow).putLong(owner);
    out.putInt(checksum(out.array()));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(out.array());
  }

  /** Reads a token; empty if this service never issued it. */
  public static Optional<WatchToken> decode(String text) {
    if (text.length() != LENGTH || !text.matches("[A-Za-z0-9_-]*")) {
      return Optional.empty();
    }
    byte[] bytes = Base64.getUrlDecoder().decode(text);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.get() != VERSION || in.getInt(BYTES - 4) != checksum(bytes)) {
      return Optional.empty();
    }
    return Optional.of(
        new WatchToken(in.getLong(), in.getInt(), in.getLong(), in.getLong(), in.getLong()));
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, BYTES - 4);
    return (int) crc.getValue();
  }
}
