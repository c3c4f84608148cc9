package dev.dueline.job.recurrence;

import java.util.OptionalLong;

/**
 * Gives the due times that follow a run. All times are milliseconds since the epoch, from 0 to
 * {@link #MAX_MS}. Immutable; equal if written alike.
 */
public sealed interface Rule permits Every, Cron {
  /** The latest due time, ms: the end of the year 9999. */
  long MAX_MS = 253_402_300_799_999L;

  /**
   * The first due time after a time.
   *
   * @param dueMs when the last run was due
   * @param afterMs not before dueMs
   * @return empty: there is none before the year 10000
   */
  OptionalLong next(long dueMs, long afterMs);

  /** The last due time that is later than dueMs, and not later than toMs. */
  OptionalLong latest(long dueMs, long toMs);

  /** How many due times are later than dueMs, and not later than toMs. */
  long count(long dueMs, long toMs);
}
