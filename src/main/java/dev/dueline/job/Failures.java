package dev.dueline.job;

/**
 * What is told of the deliveries of a job that failed.
 *
 * @param last the reason that was told last, counted or not; empty: none was
 * @param first the reason told with the first failure that counts, since attempts begin at 1;
 *     empty: none was
 * @param firstMs when that delivery ended; {@link #NEVER}: none failed, or an earlier version did
 *     not keep it, and {@code first} is empty
 */
public record Failures(String last, String first, long firstMs) {
  /** No time. */
  public static final long NEVER = 0;

  /** Nothing is told. */
  public static final Failures NONE = new Failures("", "", NEVER);

  /** Whether the first failure is known. */
  public boolean hasFirst() {
    return firstMs != NEVER;
  }
}
