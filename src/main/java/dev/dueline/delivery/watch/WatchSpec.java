package dev.dueline.delivery.watch;

import dev.dueline.job.QueueName;
import java.util.List;

/**
 * What a watcher wants.
 *
 * @param name for logs and metrics
 * @param owner stands for the principal that watches, see {@link
 *     dev.dueline.store.news.WatchToken#ownerOf}
 * @param queues without repeats; while several have due jobs, an earlier one goes first
 * @param maxOutstanding jobs that may be unacknowledged at once
 * @param isAutoExtending whether its leases are extended while it is connected
 * @param isAutoAcking whether a job is done when it is written: at most once
 * @param isReleasing whether its unacknowledged jobs go back to the queue when it disconnects
 */
public record WatchSpec(
    String name,
    long owner,
    List<QueueName> queues,
    int maxOutstanding,
    long leaseMs,
    boolean isAutoExtending,
    boolean isAutoAcking,
    boolean isReleasing) {}
