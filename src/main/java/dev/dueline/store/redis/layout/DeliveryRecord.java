package dev.dueline.store.redis.layout;

import dev.dueline.job.Failures;
import dev.dueline.job.lease.LeaseId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What is kept of the deliveries of a job, for people who look at it: scripts alone write it.
 *
 * @param failedAttempts so far
 * @param recurs whether the job is leased and recurs
 * @param dueMs of the delivery
 * @param lease empty: none
 * @param failures as the scripts keep them
 */
public record DeliveryRecord(
    int failedAttempts, boolean recurs, long dueMs, Optional<LeaseId> lease, Failures failures) {
  /** Where the nonce of the lease is, which with the rest would make a token of it. */
  private static final int NONCE_AT = 18;

  /** Before the time of the first failure: its reason is the last one. */
  private static final int SAME = 254;

  private static final LeaseId NONE = new LeaseId(0, 0, 0, 0);

  /**
   * Reads what {@code lib/deliveries.lua} wrote.
   *
   * @throws BufferUnderflowException if it is cut short
   */
  public static DeliveryRecord of(byte[] packed) {
    ByteBuffer in = ByteBuffer.wrap(packed);
    int failed = in.getInt();
    long dueMs = RecordLayout.readMs(in);
    LeaseId lease = LeaseId.of(in);
    return new DeliveryRecord(
        failed & Integer.MAX_VALUE,
        failed < 0,
        dueMs,
        lease.equals(NONE) ? Optional.empty() : Optional.of(lease),
        failures(Arrays.copyOfRange(packed, in.position(), packed.length)));
  }

  /** Reads failures; a first one that is cut short is none. */
  public static Failures failures(byte[] packed) {
    if (packed.length == 0) {
      return Failures.NONE;
    }
    int at = 0;
    while (at < packed.length && (packed[at] & 0xFF) < SAME) {
      at++;
    }
    String last = new String(packed, 0, at, StandardCharsets.UTF_8);
    int firstAt = at + 1 + RecordLayout.MS_BYTES;
    if (firstAt > packed.length) {
      return new Failures(last, "", Failures.NEVER);
    }
    long firstMs = RecordLayout.readMs(ByteBuffer.wrap(packed, at + 1, RecordLayout.MS_BYTES));
    String first =
        (packed[at] & 0xFF) == SAME
            ? last
            : new String(packed, firstAt, packed.length - firstAt, StandardCharsets.UTF_8);
    return new Failures(last, first, firstMs);
  }

  /** What may be shown of one that is cut short. */
  public static byte[] beforeNonce(byte[] packed) {
    return Arrays.copyOf(packed, Math.min(packed.length, NONCE_AT));
  }
}
