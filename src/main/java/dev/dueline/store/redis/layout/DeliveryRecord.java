package dev.dueline.store.redis.layout;

import dev.dueline.job.LeaseId;
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
 * @param lastFailure empty: none was told
 */
public record DeliveryRecord(
    int failedAttempts, boolean recurs, long dueMs, Optional<LeaseId> lease, String lastFailure) {
  /** Where the nonce of the lease is, which with the rest would make a token of it. */
  private static final int NONCE_AT = 18;

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
    String failure = StandardCharsets.UTF_8.decode(in).toString();
    return new DeliveryRecord(
        failed & Integer.MAX_VALUE,
        failed < 0,
        dueMs,
        lease.equals(NONE) ? Optional.empty() : Optional.of(lease),
        failure);
  }

  /** What may be shown of one that is cut short. */
  public static byte[] beforeNonce(byte[] packed) {
    return Arrays.copyOf(packed, Math.min(packed.length, NONCE_AT));
  }
}
