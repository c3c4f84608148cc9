package dev.dueline.operation.job;

import dev.dueline.job.JobId;
import java.security.SecureRandom;
import java.util.Base64;

/** Makes ids for jobs and watchers that come without one. */
public final class JobIds {
  /** 120 bits: no two alike, ever; 20 characters, without padding. */
  private static final int BYTES = 15;

  private static final SecureRandom RANDOM = new SecureRandom();

  private JobIds() {}

  public static JobId next() {
    return new JobId(nextText());
  }

  public static String nextText() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
