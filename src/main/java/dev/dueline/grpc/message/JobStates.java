package dev.dueline.grpc.message;

import dev.dueline.job.JobState;
import org.jspecify.annotations.Nullable;

/** States of jobs of the wire and of the domain. */
public final class JobStates {
  private JobStates() {}

  /**
   * The state that a request asks for: pending, where it names none.
   *
   * @param valid has passed the checks
   */
  public static JobState of(dev.dueline.v1.JobState valid) {
    return switch (valid) {
      case JOB_STATE_UNSPECIFIED, JOB_STATE_PENDING -> JobState.PENDING;
      case JOB_STATE_LEASED -> JobState.LEASED;
      case JOB_STATE_DEAD -> JobState.DEAD;
      case UNRECOGNIZED -> throw new IllegalArgumentException("passed the checks: " + valid);
    };
  }

  /** A state as callers know it; unspecified where there is no job. */
  public static dev.dueline.v1.JobState proto(@Nullable JobState state) {
    if (state == null) {
      return dev.dueline.v1.JobState.JOB_STATE_UNSPECIFIED;
    }
    return switch (state) {
      case PENDING -> dev.dueline.v1.JobState.JOB_STATE_PENDING;
      case LEASED -> dev.dueline.v1.JobState.JOB_STATE_LEASED;
      case DEAD -> dev.dueline.v1.JobState.JOB_STATE_DEAD;
    };
  }
}
