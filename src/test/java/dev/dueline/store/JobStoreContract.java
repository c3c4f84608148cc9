package dev.dueline.store;

import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import java.util.concurrent.atomic.AtomicInteger;

/** What any {@link JobStore} must guarantee: one rule a test, a shard of its own for each. */
public abstract class JobStoreContract
    implements ScheduleContract,
        ConflictContract,
        RequestContract,
        CancelContract,
        RescheduleContract,
        ClaimContract,
        LeaseContract,
        LostClaimContract,
        ReleaseContract,
        FirstFailureContract,
        ExpiryContract,
        TtlContract,
        RecurrenceContract,
        SteppedClockContract,
        RulesContract,
        CountContract,
        UpcomingContract,
        ListContract {
  private static final AtomicInteger SHARDS = new AtomicInteger();

  private final Shard shard = new Shard(new QueueName("contract:" + SHARDS.incrementAndGet()), 0);

  @Override
  public Shard shard() {
    return shard;
  }
}
