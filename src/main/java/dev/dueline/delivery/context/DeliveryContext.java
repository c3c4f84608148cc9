package dev.dueline.delivery.context;

import dev.dueline.delivery.time.Backoff;
import dev.dueline.delivery.time.EventLoop;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Where a part of delivery runs.
 *
 * @param replica names this replica among all, for as long as it lives
 * @param random for jitter, and for nonces that nobody must guess; used on the loop only
 */
public record DeliveryContext(
    long replica, EventLoop loop, RandomGenerator random, DeliveryObserver observer) {

  /** A time in the upper half of one, so that replicas do not act in step. */
  public Duration jittered(Duration max) {
    return Backoff.jittered(max, random);
  }
}
