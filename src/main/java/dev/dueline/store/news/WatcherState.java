package dev.dueline.store.news;

import dev.dueline.job.QueueName;
import java.util.List;

/**
 * How a watcher stands, as its replica tells another.
 *
 * @param number as its replica numbers it, in the order in which they came
 * @param name what its client calls it
 * @param sinceMs how long it has been connected
 * @param actedMs how long ago its client acknowledged, gave back or extended a job; -1: never
 * @param queues that it watches
 * @param credit how many more jobs it takes now
 * @param isPassedOver whether it let a lease run out and did not act since
 * @param isLeaving whether it takes no more jobs and ends once those that are out are settled
 */
public record WatcherState(
    int number,
    String name,
    long sinceMs,
    long actedMs,
    List<QueueName> queues,
    int maxOutstanding,
    int outstanding,
    int credit,
    boolean isPassedOver,
    boolean isLeaving) {}
