package dev.dueline.client.worker;

import io.grpc.Status;
import java.time.Duration;

/**
 * Is told what a worker does, for metrics and logs. Called on the worker's own thread, which it
 * must not block; what it throws is logged.
 */
public interface WorkerListener {
  /** A stream of jobs has begun. */
  default void connected() {}

  /** A stream of jobs has ended; OK where that was asked for. */
  default void disconnected(Status status) {}

  /** A handler is about to be called. */
  default void started(Delivery delivery) {}

  /** What a handler's end, or its cancellation, came to; the time is that of the handler. */
  default void finished(Delivery delivery, Settlement settlement, Duration ran) {}

  /** The lease of a job is lost; its handler, if it runs, is cancelled. */
  default void leaseLost(Delivery delivery) {}

  /** An Ack, Nack or ExtendLease is made again; called on a thread of the connection. */
  default void callRetried(Status status) {}
}
