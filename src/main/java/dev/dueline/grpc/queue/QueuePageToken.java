package dev.dueline.grpc.queue;

import dev.dueline.job.QueueName;
import dev.dueline.operation.queue.QueuePlace;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32C;

/** The place where a page of queues ended, as clients are given it: opaque, with a checksum. */
final class QueuePageToken {
  private static final int CHECK_LENGTH = 8;

  /**
   * Between the name and the count: sorts before every character of a name, so that a replica that
   * takes both for a name begins behind the same one.
   */
  private static final char MARK = '!';

  private static final int MAX_DIGITS = 9;

  /** No token is longer, in characters. */
  private static final int MAX_LENGTH =
      4 * (CHECK_LENGTH + QueueName.MAX_LENGTH + MAX_DIGITS + 4) / 3;

  private QueuePageToken() {}

  /**
   * The token of a list of queues that begin with a prefix: a checksum of it and the place, and the
   * place.
   */
  static String encode(String prefix, QueuePlace end) {
    String place = end.skip() == 0 ? end.after() : end.after() + MARK + end.skip();
    String token = checksum(prefix, place) + place;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(token.getBytes(StandardCharsets.UTF_8));
  }

  /** The place that a token says; empty if it is not a token of this list. */
  static Optional<QueuePlace> decode(String prefix, String text) {
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    try {
      String token = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
      if (token.length() <= CHECK_LENGTH) {
        return Optional.empty();
      }
      String place = token.substring(CHECK_LENGTH);
      return token.startsWith(checksum(prefix, place)) ? Optional.of(of(place)) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Throws {@link IllegalArgumentException} if the count is none. */
  private static QueuePlace of(String place) {
    int mark = place.lastIndexOf(MARK);
    if (mark < 0) {
      return new QueuePlace(place, 0);
    }
    String digits = place.substring(mark + 1);
    if (digits.length() > MAX_DIGITS) {
      throw new IllegalArgumentException("a count that no walk reaches");
    }
    return new QueuePlace(place.substring(0, mark), Integer.parseUnsignedInt(digits));
  }

  private static String checksum(String prefix, String name) {
    CRC32C checksum = new CRC32C();
    checksum.update((prefix + '\n' + name).getBytes(StandardCharsets.UTF_8));
    return String.format("%08x", checksum.getValue());
  }
}
