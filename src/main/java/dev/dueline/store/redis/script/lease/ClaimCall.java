package dev.dueline.store.redis.script.lease;

import dev.dueline.job.Coded;
import dev.dueline.job.Failures;
import dev.dueline.job.JobId;
import dev.dueline.job.Shard;
import dev.dueline.job.StoredJob;
import dev.dueline.job.lease.Delivery;
import dev.dueline.job.lease.LeaseId;
import dev.dueline.job.lease.LeaseRef;
import dev.dueline.job.lease.LeaseToken;
import dev.dueline.store.due.Claim;
import dev.dueline.store.due.Destination;
import dev.dueline.store.due.Slots;
import dev.dueline.store.redis.layout.DeliveryRecord;
import dev.dueline.store.redis.layout.RecordCodec;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Leases due jobs, the earliest first.
 *
 * @param maxBytes of records to return
 * @param deadlineMs later it only looks; 0: none
 * @param overdueMs only jobs that have been due for so long
 * @param slots the holder of each slot, from 1
 */
public record ClaimCall(
    Shard shard, int maxBytes, long deadlineMs, long overdueMs, byte[] slots, List<Holder> holders)
    implements ShardCall<Claim> {
  /** In place of a hold: the queue is delivered to its Redis Stream. */
  private static final int TO_REDIS_STREAM = 2;

  /** A slot names its holder by a byte that is not 0. */
  private static final int MAX_HOLDERS = 255;

  /**
   * Who asks.
   *
   * @param leaseTail what its lease ids have behind their fence
   */
  public record Holder(long leaseMs, byte[] leaseTail) {}

  /**
   * A call that claims for these slots.
   *
   * @throws IllegalArgumentException with more holders than a byte can tell apart
   */
  public static ClaimCall of(Shard shard, Slots slots) {
    if (slots.holders().size() > MAX_HOLDERS) {
      throw new IllegalArgumentException("holders: " + slots.holders().size());
    }
    byte[] order = new byte[slots.order().size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = (byte) (slots.order().get(i) + 1);
    }
    List<Holder> holders =
        slots.holders().stream().map(holder -> holder(slots.nonce(), holder)).toList();
    return new ClaimCall(
        shard, Reply.MAX_RECORD_BYTES, slots.deadlineMs(), slots.overdueMs(), order, holders);
  }

  private static Holder holder(long nonce, Slots.Holder holder) {
    byte[] tail =
        ByteBuffer.allocate(LeaseId.BYTES - Long.BYTES)
            .putLong(nonce)
            .putLong(holder.replica())
            .putInt(holder.watcher())
            .array();
    return new Holder(holder.leaseMs(), tail);
  }

  @Override
  public Script script() {
    return Script.CLAIM;
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(maxBytes).add(deadlineMs).add(overdueMs).add(slots);
    holders.forEach(holder -> arguments.add(holder.leaseMs).add(holder.leaseTail));
  }

  @Override
  public Claim read(Reply reply) {
    long nextDue = reply.timeMs();
    long nextExpiry = reply.timeMs();
    int dropped = (int) reply.number();
    long held = reply.number();
    Destination destination =
        held == TO_REDIS_STREAM ? Destination.REDIS_STREAM : Destination.WATCHERS;
    Claim.Hold hold =
        held == TO_REDIS_STREAM ? Claim.Hold.NONE : Coded.of(Claim.Hold.values(), held);
    long fence = reply.number();
    boolean mayHoldDead = reply.number() == 1;
    List<Delivery> deliveries = new ArrayList<>();
    for (int slot = 0; reply.hasMore(); slot++) {
      Holder holder = holders.get((slots[slot] & 0xFF) - 1);
      delivery(holder, fence + slot, reply).ifPresent(deliveries::add);
    }
    return new Claim(
        reply.nowUs(), destination, nextDue, nextExpiry, hold, dropped, mayHoldDead, deliveries);
  }

  /** Empty: nobody can read its id or its record. Nobody gets it, so that its lease runs out. */
  private Optional<Delivery> delivery(Holder holder, long fence, Reply reply) {
    Optional<JobId> id = reply.jobIdIfReadable();
    long due = reply.number();
    int attempt = (int) reply.number() + 1;
    Failures failures = DeliveryRecord.failures(reply.bytes());
    byte[] record = reply.bytes();
    if (id.isEmpty()) {
      return Optional.empty();
    }
    Optional<StoredJob> read = RecordCodec.read(id.get(), record);
    if (read.isEmpty()) {
      reply.leaveOut();
    }
    LeaseId leaseId =
        LeaseId.of(ByteBuffer.allocate(LeaseId.BYTES).putLong(fence).put(holder.leaseTail).flip());
    LeaseToken token = new LeaseToken(shard, new LeaseRef(id.get(), leaseId));
    long nowMs = reply.nowMs();
    return read.map(
        job -> new Delivery(token, job, due, nowMs, nowMs + holder.leaseMs, attempt, failures));
  }
}
