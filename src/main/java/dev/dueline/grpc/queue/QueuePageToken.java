package dev.dueline.grpc.queue;

import dev.dueline.job.QueueName;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Where a page of queues ended. It names no queue that the caller may not see: those that were
 * looked at behind the last one shown are only counted.
 *
 * @param after the next page begins behind this: a name that was shown, or where a range of the
 *     caller's patterns begins or ends
 * @param skip how many names behind it were looked at, too
 */
record QueuePageToken(String after, int skip) {
  /** Before the first queue. */
  static final QueuePageToken START = new QueuePageToken("", 0);

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

  /**
   * The token of a list of queues that begin so: a check sum of it and the place, and the place.
   */
  String encode(String prefix) {
    String place = skip == 0 ? after : after + MARK + skip;
    String token = checkSum(prefix, place) + place;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(token.getBytes(StandardCharsets.UTF_8));
  }

  /** The place that a token says; empty if it is not a token of this list. */
  static Optional<QueuePageToken> decode(String prefix, String text) {
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    try {
      String token = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
      if (token.length() <= CHECK_LENGTH) {
        return Optional.empty();
      }
      String place = token.substring(CHECK_LENGTH);
      return token.startsWith(checkSum(prefix, place)) ? Optional.of(of(place)) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Throws {@link IllegalArgumentException} if the count is none. */
  private static QueuePageToken of(String place) {
    int mark = place.lastIndexOf(MARK);
    if (mark < 0) {
      return new QueuePageToken(place, 0);
    }
    String digits = place.substring(mark + 1);
    if (digits.length() > MAX_DIGITS) {
      throw new IllegalArgumentException("a count that no walk reaches");
    }
    return new QueuePageToken(place.substring(0, mark), Integer.parseUnsignedInt(digits));
  }

  private static String checkSum(String prefix, String name) {
    CRC32C checkSum = new CRC32C();
    checkSum.update((prefix + '\n' + name).getBytes(StandardCharsets.UTF_8));
    return String.format("%08x", checkSum.getValue());
  }
}
