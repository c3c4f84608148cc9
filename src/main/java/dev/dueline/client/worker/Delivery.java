package dev.dueline.client.worker;

import com.google.protobuf.ByteString;
import dev.dueline.v1.DueJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A job that a handler works on. It is cancelled when its lease is lost, when it has run for too
 * long, or when the worker stops without waiting. What the handler ends with then no longer counts,
 * but for a success within a second, where the lease is not lost. Thread-safe.
 */
public final class Delivery {
  private final DueJob job;
  private final List<Runnable> onCancel = new ArrayList<>();
  private boolean isCancelled;

  Delivery(DueJob job) {
    this.job = job;
  }

  /** The job as the service delivered it. */
  public DueJob job() {
    return job;
  }

  /** The queue it came from. */
  public String queue() {
    return job.getQueue();
  }

  /** Its id, unique among the live jobs of its queue. */
  public String jobId() {
    return job.getJobId();
  }

  /** What it was scheduled with. */
  public ByteString payload() {
    return job.getPayload();
  }

  /** What it was scheduled with beside the payload; {@code traceparent} for tracing. */
  public Map<String, String> attributes() {
    return job.getAttributesMap();
  }

  /** 1 for the first delivery. */
  public int attempt() {
    return job.getAttempt();
  }

  /** Whether its handler is to end. */
  public synchronized boolean isCancelled() {
    return isCancelled;
  }

  /** Runs this when the job is cancelled, or now if it is; on a thread that must not be blocked. */
  public void onCancel(Runnable action) {
    synchronized (this) {
      if (!isCancelled) {
        onCancel.add(action);
        return;
      }
    }
    action.run();
  }

  void cancel() {
    List<Runnable> actions;
    synchronized (this) {
      isCancelled = true;
      actions = List.copyOf(onCancel);
      onCancel.clear();
    }
    actions.forEach(GuardedListener::guard);
  }
}
