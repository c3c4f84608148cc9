package dev.dueline.client.worker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A job that a worker has: it waits for a slot, is worked on, or is settled. */
final class Task {
  final Delivery delivery;
  final Source source;
  final long cameNanos = System.nanoTime();
  long begunNanos;

  /** When it was given up while its handler ran; null: it was not. */
  @Nullable Long abandonedNanos;

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

  /** Whether it was given up a while ago, and its handler ignores that. */
  boolean hangs(long nowNanos, Duration patience) {
    return abandonedNanos != null && nowNanos - abandonedNanos > patience.toNanos();
  }
}
