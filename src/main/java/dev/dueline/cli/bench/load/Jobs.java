package dev.dueline.cli.bench.load;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.ScheduleRequest;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;

/**
 * The jobs of one run in one queue: what they look like, and what became of each. A job is a
 * number, from 0. May be used by any thread.
 */
public final class Jobs {
  private static final int SETTLED = Ledger.ACKED | Ledger.CANCELED;

  private final String queue;
  private final JobIds ids = JobIds.random();
  private final Ledger ledger = new Ledger();
  private final AtomicLong taken = new AtomicLong();
  private final LongAdder stored = new LongAdder();
  private final LongAdder acked = new LongAdder();
  private final LongAdder canceled = new LongAdder();
  private final ScheduleRequest plain;

  /** No jobs yet. */
  public Jobs(String queue, int payloadBytes) {
    this.queue = queue;
    byte[] payload = new byte[payloadBytes];
    Arrays.fill(payload, (byte) 'x');
    this.plain =
        ScheduleRequest.newBuilder()
            .setQueue(queue)
            .setPayload(ByteString.copyFrom(payload))
            .build();
  }

  /** Where they are. */
  public String queue() {
    return queue;
  }

  /** Takes numbers; the first of them. */
  public long take(int count) {
    return taken.getAndAdd(count);
  }

  /** How many numbers are taken. */
  public long taken() {
    return taken.get();
  }

  /** A request for a job due at a time, which {@link #named} makes into one for a certain job. */
  public ScheduleRequest dueAt(Timestamp dueTime) {
    return plain.toBuilder().setDueTime(dueTime).build();
  }

  /** The same for a job due at once. */
  public ScheduleRequest dueAtOnce() {
    return plain;
  }

  /** The same request for a certain job. */
  public ScheduleRequest named(ScheduleRequest request, long index) {
    return request.toBuilder().setJobId(ids.of(index)).build();
  }

  /** A request to take a job back, if it waits. */
  public CancelRequest cancel(long index) {
    return CancelRequest.newBuilder().setQueue(queue).setJobId(ids.of(index)).build();
  }

  /** The number of a job by its id; -1 for one that is not of this run. */
  public long indexOf(String jobId) {
    long index = ids.indexOf(jobId);
    return index < taken() ? index : -1;
  }

  /** The service has it. */
  public void markStored(long index) {
    add(stored, index, Ledger.STORED);
  }

  /** It came; whether for the first time. */
  public boolean markDelivered(long index) {
    return ledger.mark(index, Ledger.DELIVERED);
  }

  /** Its Ack counted. */
  public void markAcked(long index) {
    add(acked, index, Ledger.ACKED);
  }

  /** It was taken back. */
  public void markCanceled(long index) {
    add(canceled, index, Ledger.CANCELED);
  }

  private void add(LongAdder count, long index, int mark) {
    if (ledger.mark(index, mark)) {
      count.increment();
    }
  }

  /** Jobs stored. */
  public long stored() {
    return stored.sum();
  }

  /** Jobs whose Ack counted. */
  public long acked() {
    return acked.sum();
  }

  /** Jobs taken back. */
  public long canceled() {
    return canceled.sum();
  }

  /** Jobs stored that were neither acknowledged nor taken back. */
  public long missing() {
    return LongStream.range(0, taken()).filter(this::isMissing).count();
  }

  private boolean isMissing(long index) {
    return ledger.has(index, Ledger.STORED) && !ledger.has(index, SETTLED);
  }

  /** Jobs taken back although they were acknowledged. */
  public long contradictions() {
    return LongStream.range(0, taken())
        .filter(index -> ledger.has(index, Ledger.ACKED) && ledger.has(index, Ledger.CANCELED))
        .count();
  }

  /** Jobs that the service may still have, whether it said so or not. */
  LongStream unsettled() {
    return LongStream.range(0, taken()).filter(index -> !ledger.has(index, SETTLED));
  }
}
