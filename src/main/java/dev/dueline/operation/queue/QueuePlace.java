package dev.dueline.operation.queue;

/**
 * Where a page of queues ends. It names no queue that its caller may not see: those that were
 * looked at behind the last one shown are only counted.
 *
 * @param after the next page begins behind this: a name that was shown, or where a range of the
 *     caller's patterns begins or ends
 * @param skip how many names behind it were looked at, too
 */
public record QueuePlace(String after, int skip) {
  /** Before the first queue. */
  public static final QueuePlace START = new QueuePlace("", 0);
}
