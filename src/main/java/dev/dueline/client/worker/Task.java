package dev.dueline.client.worker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A job that a worker has: it waits for a slot, is worked on, or is settled. */
final class Task {
  final Delivery delivery;
  final Source source;
  final long cameNanos = System.nanoTime();

  /** Set when its handler is called. */
  boolean isBegun;

  long begunNanos;

  /** Whether its handler has ended, or is never called. */
  boolean hasEnded;

  /** When it was given up; null: it was not. */
  @Nullable Long abandonedNanos;

  /** What it is settled by unless its handler succeeds in time; null: it was not given up. */
  @Nullable Result fallback;

  Task(Delivery delivery, Source source) {
    this.delivery = delivery;
    this.source = source;
  }

  String token() {
    return delivery.job().getLeaseToken();
  }

  boolean isAbandoned() {
    return abandonedNanos != null;
  }

  /** Cancels its handler; the first time counts. */
  void abandon(long nowNanos) {
    if (abandonedNanos == null) {
      abandonedNanos = nowNanos;
      hasEnded |= !isBegun;
      delivery.cancel();
    }
  }

  /** Whether it was given up before that time ago. */
  boolean isAbandonedFor(long nowNanos, Duration time) {
    return abandonedNanos != null && nowNanos - abandonedNanos > time.toNanos();
  }
}
