package dev.dueline.operation.job;

import dev.dueline.job.JobId;
import dev.dueline.store.call.RequestId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/** Names for jobs and watchers that come without one. */
public final class RandomId {
  /** 119 bits at random, so that no two are ever alike; 20 characters, without padding. */
  private static final int BYTES = 15;

  private static final SecureRandom RANDOM = new SecureRandom();

  private RandomId() {}

  /** An id for a job. */
  public static JobId ofJob() {
    return new JobId(text());
  }

  /**
   * An id for a job whose request has one: whoever gets the request again makes the same. It begins
   * with a letter, and the rest is of a SHA-256.
   */
  public static JobId ofJob(RequestId request) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(request.bytes());
      return new JobId("r" + text(Arrays.copyOf(hash, BYTES)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * 20 characters of URL-safe base64, of which the first is a letter: command lines take what
   * begins with {@code -} for an option.
   */
  public static String text() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    bytes[0] &= 0x7F;
    return text(bytes);
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
