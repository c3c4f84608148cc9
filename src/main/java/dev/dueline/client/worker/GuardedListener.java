package dev.dueline.client.worker;

import io.grpc.Status;
import java.time.Duration;

/** A listener whose faults are logged, and do not end the worker that tells it. Thread-safe. */
final class GuardedListener implements WorkerListener {
  private static final System.Logger LOG = System.getLogger(Worker.class.getName());

  private final WorkerListener listener;

  GuardedListener(WorkerListener listener) {
    this.listener = listener;
  }

  /** Calls what is not the library's own; a failure is logged. */
  static void guard(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | Error e) {
      LOG.log(System.Logger.Level.WARNING, "A listener or an action of a job's end failed", e);
    }
  }

  @Override
  public void connected() {
    guard(listener::connected);
  }

  @Override
  public void disconnected(Status status) {
    guard(() -> listener.disconnected(status));
  }

  @Override
  public void started(Delivery delivery) {
    guard(() -> listener.started(delivery));
  }

  @Override
  public void finished(Delivery delivery, Settlement settlement, Duration ran) {
    guard(() -> listener.finished(delivery, settlement, ran));
  }

  @Override
  public void leaseLost(Delivery delivery) {
    guard(() -> listener.leaseLost(delivery));
  }

  @Override
  public void callRetried(Status status) {
    guard(() -> listener.callRetried(status));
  }
}
