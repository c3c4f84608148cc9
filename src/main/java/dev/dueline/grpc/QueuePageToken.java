package dev.dueline.grpc;

import dev.dueline.job.QueueName;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Where the last page of queues ended: a check sum over the name and the prefix of the list, and
 * the name.
 */
final class QueuePageToken {
  private static final int CHECK_LENGTH = 8;

  /** No token is longer, in characters. */
  private static final int MAX_LENGTH = 4 * (CHECK_LENGTH + QueueName.MAX_LENGTH + 2) / 3;

  private QueuePageToken() {}

  static String encode(String prefix, QueueName last) {
    String token = checkSum(prefix, last.value()) + last.value();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(token.getBytes(StandardCharsets.UTF_8));
  }

  /** The name behind which the page begins; empty if it is not a token of this list. */
  static Optional<String> decode(String prefix, String text) {
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    try {
      String token = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
      if (token.length() <= CHECK_LENGTH) {
        return Optional.empty();
      }
      String name = token.substring(CHECK_LENGTH);
      return token.startsWith(checkSum(prefix, name)) ? Optional.of(name) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String checkSum(String prefix, String name) {
    CRC32C checkSum = new CRC32C();
    checkSum.update((prefix + '\n' + name).getBytes(StandardCharsets.UTF_8));
    return String.format("%08x", checkSum.getValue());
  }
}
