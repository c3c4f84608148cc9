package dev.dueline.store.redis;

import dev.dueline.job.Delivery;
import dev.dueline.job.JobId;
import dev.dueline.job.LeaseId;
import dev.dueline.job.LeaseRef;
import dev.dueline.job.LeaseToken;
import dev.dueline.job.Shard;
import dev.dueline.job.StoredJob;
import dev.dueline.store.Canceled;
import dev.dueline.store.Claim;
import dev.dueline.store.ClaimedLeases;
import dev.dueline.store.Destination;
import dev.dueline.store.ExpiredLeases;
import dev.dueline.store.Inconsistency;
import dev.dueline.store.LeasedJob;
import dev.dueline.store.Rescheduled;
import dev.dueline.store.Scheduled;
import dev.dueline.store.Slots;
import dev.dueline.store.SweepStep;
import dev.dueline.store.redis.layout.RecordCodec;
import dev.dueline.store.redis.script.Reply;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns the replies of the scripts into results, as each script's head promises them. */
final class Replies {
  /** Most bytes of records in one reply: far below what a client takes in one message (4 MiB). */
  static final int MAX_BYTES = 1 << 20;

  private Replies() {}

  static List<Scheduled> scheduled(Reply reply) {
    List<Scheduled> results = new ArrayList<>();
    while (reply.hasMore()) {
      Scheduled.Outcome outcome = Scheduled.Outcome.values()[(int) reply.number() - 1];
      results.add(new Scheduled(outcome, reply.number()));
    }
    return results;
  }

  static List<Canceled> canceled(Reply reply) {
    List<Canceled> results = new ArrayList<>();
    while (reply.hasMore()) {
      Canceled.Outcome outcome = Canceled.Outcome.values()[(int) reply.number() - 1];
      byte[] taken = reply.bytes();
      results.add(new Canceled(outcome, taken.length == 0 ? null : leaseId(taken)));
    }
    return results;
  }

  static Rescheduled rescheduled(Reply reply) {
    Rescheduled.Outcome outcome = Rescheduled.Outcome.values()[(int) reply.number() - 1];
    return new Rescheduled(outcome, reply.number());
  }

  /** What stands behind the fence in the lease ids of one holder's deliveries. */
  static byte[] leaseTail(long nonce, Slots.Holder holder) {
    return ByteBuffer.allocate(LeaseId.BYTES - Long.BYTES)
        .putLong(nonce)
        .putLong(holder.replica())
        .putInt(holder.watcher())
        .array();
  }

  static Claim claim(Reply reply, Shard shard, Slots slots) {
    long nextDue = orNone(reply.number());
    long nextExpiry = orNone(reply.number());
    int dropped = (int) reply.number();
    long held = reply.number();
    Claim.Hold hold = held == 1 ? Claim.Hold.LIMITED : Claim.Hold.NONE;
    Destination destination = held == 2 ? Destination.REDIS_STREAM : Destination.WATCHERS;
    long fence = reply.number();
    List<Delivery> deliveries = new ArrayList<>();
    while (reply.hasMore()) {
      JobId id = reply.jobId();
      long due = reply.number();
      Slots.Holder holder = slots.holders().get(slots.order().get(deliveries.size()));
      LeaseId leaseId = new LeaseId(fence++, slots.nonce(), holder.replica(), holder.watcher());
      int attempt = (int) reply.number() + 1;
      StoredJob job = RecordCodec.decode(id, reply.bytes());
      LeaseToken token = new LeaseToken(shard, new LeaseRef(id, leaseId));
      deliveries.add(
          new Delivery(token, job, due, reply.nowMs(), reply.nowMs() + holder.leaseMs(), attempt));
    }
    return new Claim(reply.nowUs(), destination, nextDue, nextExpiry, hold, dropped, deliveries);
  }

  static List<Boolean> held(Reply reply) {
    List<Boolean> results = new ArrayList<>();
    while (reply.hasMore()) {
      results.add(reply.number() == 1);
    }
    return results;
  }

  static List<Long> numbers(Reply reply) {
    List<Long> results = new ArrayList<>();
    while (reply.hasMore()) {
      results.add(reply.number());
    }
    return results;
  }

  static ExpiredLeases expired(Reply reply) {
    long nextExpiry = orNone(reply.number());
    List<LeasedJob> jobs = new ArrayList<>();
    while (reply.hasMore()) {
      LeaseRef lease = new LeaseRef(reply.jobId(), leaseId(reply.bytes()));
      jobs.add(leasedJob(lease, (int) reply.number(), reply.bytes()));
    }
    return new ExpiredLeases(reply.nowUs(), nextExpiry, jobs);
  }

  static List<Optional<LeasedJob>> leased(Reply reply, List<LeaseRef> leases) {
    List<Optional<LeasedJob>> results = new ArrayList<>();
    for (LeaseRef lease : leases) {
      int failed = (int) reply.number();
      byte[] record = reply.bytes();
      results.add(failed < 0 ? Optional.empty() : Optional.of(leasedJob(lease, failed, record)));
    }
    return results;
  }

  static ClaimedLeases claimed(Reply reply) {
    long next = reply.number();
    List<LeaseRef> leases = new ArrayList<>();
    while (reply.hasMore()) {
      leases.add(new LeaseRef(reply.jobId(), leaseId(reply.bytes())));
    }
    return new ClaimedLeases(reply.nowUs(), next, leases);
  }

  static SweepStep swept(Reply reply) {
    boolean isComplete = reply.number() == 1;
    long waitMs = reply.number();
    Map<Inconsistency, Integer> repaired = new EnumMap<>(Inconsistency.class);
    for (Inconsistency inconsistency : Inconsistency.values()) {
      int count = (int) reply.number();
      if (count > 0) {
        repaired.put(inconsistency, count);
      }
    }
    return new SweepStep(isComplete, waitMs, repaired);
  }

  private static LeasedJob leasedJob(LeaseRef lease, int failedAttempts, byte[] record) {
    StoredJob job = RecordCodec.decode(lease.id(), record);
    return new LeasedJob(lease, failedAttempts, job.effectiveRetryPolicy());
  }

  private static LeaseId leaseId(byte[] bytes) {
    return LeaseId.of(ByteBuffer.wrap(bytes));
  }

  static long orNone(long ms) {
    return ms < 0 ? Claim.NONE : ms;
  }
}
