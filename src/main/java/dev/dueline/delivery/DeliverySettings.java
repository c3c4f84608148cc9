package dev.dueline.delivery;

import java.time.Duration;

/**
 * How delivery behaves.
 *
 * @param claimCap most jobs in one claim; keeps Redis responsive while a backlog drains
 * @param backstop at most this long between two claims of a watched shard, in case an announcement
 *     was lost; the real time is spread over its upper half
 * @param linger how long a shard stays listened to after its last watcher left
 * @param patience how long the store is waited for: a claim that it runs later leases nothing
 */
public record DeliverySettings(
    int claimCap, Duration backstop, Duration linger, Duration patience) {
  /** What suits everyone we know of. */
  public static DeliverySettings withPatience(Duration patience) {
    return new DeliverySettings(64, Duration.ofSeconds(1), Duration.ofSeconds(10), patience);
  }
}
