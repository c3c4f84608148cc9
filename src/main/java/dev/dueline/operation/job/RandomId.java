package dev.dueline.operation.job;

import dev.dueline.job.JobId;
import java.security.SecureRandom;
import java.util.Base64;

/** Random names for jobs and watchers that come without one. */
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
   * 20 characters of URL-safe base64, of which the first is a letter: command lines take what
   * begins with {@code -} for an option.
   */
  public static String text() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    bytes[0] &= 0x7F;
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
