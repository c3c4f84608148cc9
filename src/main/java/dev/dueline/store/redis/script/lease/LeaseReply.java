package dev.dueline.store.redis.script.lease;

import dev.dueline.job.Coded;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.recurrence.RunEnd;
import dev.dueline.store.redis.layout.RecordCodec;
import dev.dueline.store.redis.script.Reply;
import java.util.Optional;

/**
 * What a script says of a lease that was to be ended.
 *
 * @param run what {@link RenewCall} has to end; empty unless the run of a job that recurs is over
 */
public record LeaseReply(Outcome outcome, Optional<RenewCall.Item> run) {
  /** What became of the lease. */
  public enum Outcome implements Coded {
    /** It was not in force. */
    LOST(0),
    /** It is ended. */
    ENDED(1),
    /** The run of a job that recurs is over, and all is as it was: {@link RenewCall} ends it. */
    RUN_OVER(2);

    private final int code;

    Outcome(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /**
   * Reads one, and decides by the clock of the reply what follows a run that is over.
   *
   * @param end how such a run ended
   * @param isCounted whether the delivery is a failed attempt
   * @param reason kept with the job; empty: the last one stays
   */
  static LeaseReply read(
      Reply reply, LeaseRef lease, RunEnd end, boolean isCounted, String reason) {
    Outcome outcome = reply.code(Outcome.values());
    if (outcome != Outcome.RUN_OVER) {
      return new LeaseReply(outcome, Optional.empty());
    }
    RunOutcome run =
        RunOutcome.of(RecordCodec.decode(lease.id(), reply.bytes()), end, reply.nowMs());
    return new LeaseReply(outcome, Optional.of(new RenewCall.Item(lease, run, isCounted, reason)));
  }

  /** Whether the lease is ended, and no run is left to end. */
  public boolean isEnded() {
    return outcome == Outcome.ENDED;
  }
}
