package dev.dueline.grpc;

import dev.dueline.job.JobId;
import java.security.SecureRandom;
import java.util.Base64;

/** Makes ids for jobs and watchers that come without one. */
final class JobIds {
  /** 120 bits: no two alike, ever; 20 characters, without padding. */
  private static final int BYTES = 15;

  private static final SecureRandom RANDOM = new SecureRandom();

  private JobIds() {}

  static JobId next() {
    return new JobId(nextText());
  }

  static String nextText() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
