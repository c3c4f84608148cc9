package dev.dueline.ops.metrics;

import dev.dueline.job.QueueName;
import dev.dueline.store.queue.QueueDirectory;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A pass through the queues that have no label, in order of their names, of which each round does a
 * part: what they hold together is known when it has come to the end. Used by one round at a time.
 */
@Singleton
final class OtherQueues {
  /** Names read at once. */
  private static final int PAGE = 20;

  /** Queues of a round at most: with four shards each, a quarter of a minute. */
  private static final int MOST_A_ROUND = 750;

  private final QueueDirectory directory;
  private final QueueCounts counts;
  private HeldJobs sum = new HeldJobs();
  private boolean hasAny;
  private String after = "";
  private @Nullable HeldJobs total;

  OtherQueues(QueueDirectory directory, QueueCounts counts) {
    this.directory = directory;
    this.counts = counts;
  }

  /** What they held together in the last whole pass; empty before that, or if there are none. */
  Optional<HeldJobs> total() {
    return Optional.ofNullable(total);
  }

  /** A name or a queue could not be read: what was counted before says nothing of now. */
  void forgetTotal() {
    total = null;
  }

  /** Goes on for a round; gives what the queues hold that it came by. */
  Uni<QueueCounts.Counted> goOn(QueueLabels labels) {
    QueueCounts.Counted seen = new QueueCounts.Counted();
    return Multi.createBy()
        .repeating()
        .uni(() -> page(labels, seen))
        .whilst(isMore -> isMore && seen.held().size() + seen.failed().size() < MOST_A_ROUND)
        .onItem()
        .ignoreAsUni()
        .replaceWith(seen);
  }

  private Uni<Boolean> page(QueueLabels labels, QueueCounts.Counted seen) {
    Set<QueueName> labeled = labels.queues();
    return directory
        .names("", after, 0, PAGE)
        .chain(
            names ->
                counts
                    .of(names.stream().filter(name -> !labeled.contains(name)).toList())
                    .map(
                        counted -> {
                          counted.held().forEach((queue, each) -> add(labels, queue, each));
                          seen.add(counted);
                          return advance(names);
                        }));
  }

  /** A queue that holds anything takes a label, if one is free. */
  private void add(QueueLabels labels, QueueName queue, HeldJobs held) {
    if (!held.isEmpty()) {
      labels.present(queue);
    }
    if (labels.of(queue).equals(QueueLabels.OTHER)) {
      sum.add(held);
      hasAny = true;
    }
  }

  private boolean advance(List<QueueName> names) {
    if (names.size() == PAGE) {
      after = names.get(PAGE - 1).value();
      return true;
    }
    total = hasAny ? sum : null;
    sum = new HeldJobs();
    hasAny = false;
    after = "";
    return false;
  }
}
