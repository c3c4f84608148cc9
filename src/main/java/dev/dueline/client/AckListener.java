package dev.dueline.client;

import dev.dueline.v1.DueJob;
import dev.dueline.v1.LeaseOutcome;
import io.grpc.StatusRuntimeException;
import java.util.List;

/**
 * Is told, on an {@link Acker}'s thread, of acks that do not count; jobs have no payload then. What
 * it throws goes to the thread's handler of uncaught exceptions.
 */
public interface AckListener {
  /**
   * A lease was over before its ack came.
   *
   * @param isRepeated whether an earlier try, whose answer went missing, may have removed the job
   */
  void lost(DueJob job, LeaseOutcome outcome, boolean isRepeated);

  /** Jobs are given up: the call failed, or the service stayed away until the end. */
  void failed(List<DueJob> jobs, StatusRuntimeException failure);
}
