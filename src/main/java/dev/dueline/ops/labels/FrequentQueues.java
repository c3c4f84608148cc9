package dev.dueline.ops.labels;

import dev.dueline.job.QueueName;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The most used of any number of queues, in bounded memory: the Space-Saving algorithm (Metwally,
 * Agrawal, El Abbadi, 2005). A queue that is new takes the place of the least used, and with it the
 * count of that as its error. Whatever the others are, a queue with more than {@code 1/capacity} of
 * all use is here, and its count less its error is no more than its use. Not thread-safe.
 */
final class FrequentQueues {
  /** Less use than this is none any more. */
  private static final double LEAST = 0.5;

  private final int capacity;
  private final Map<QueueName, Entry> entries = new HashMap<>();
  private final TreeSet<Entry> byCount =
      new TreeSet<>(Comparator.<Entry>comparingDouble(e -> e.count).thenComparingLong(e -> e.id));
  private long lastId;

  FrequentQueues(int capacity) {
    this.capacity = capacity;
  }

  /** A queue, its use, and how much of that may have been another's. */
  private static final class Entry {
    private final QueueName queue;
    private final long id;
    private double count;
    private double error;

    Entry(QueueName queue, long id, double error) {
      this.queue = queue;
      this.id = id;
      this.count = error;
      this.error = error;
    }

    double sure() {
      return count - error;
    }
  }

  void add(QueueName queue, double use) {
    if (use < LEAST) {
      return;
    }
    Entry entry = entries.get(queue);
    if (entry == null) {
      double error = entries.size() < capacity ? 0 : dropLeast();
      entry = new Entry(queue, ++lastId, error);
      entries.put(queue, entry);
    } else {
      byCount.remove(entry);
    }
    entry.count += use;
    byCount.add(entry);
  }

  void remove(QueueName queue) {
    Entry entry = entries.remove(queue);
    if (entry != null) {
      byCount.remove(entry);
    }
  }

  /** Multiplies every use, and forgets what comes to nothing. */
  void decay(double factor) {
    List<Entry> all = List.copyOf(byCount);
    byCount.clear();
    for (Entry entry : all) {
      entry.count *= factor;
      entry.error *= factor;
      if (entry.count < LEAST) {
        entries.remove(entry.queue);
      } else {
        byCount.add(entry);
      }
    }
  }

  /** The queue of which most use is sure. */
  Optional<QueueName> most() {
    return byCount.stream().max(Comparator.comparingDouble(Entry::sure)).map(entry -> entry.queue);
  }

  /** Use that was surely of this queue. */
  double sure(QueueName queue) {
    Entry entry = entries.get(queue);
    return entry == null ? 0 : entry.sure();
  }

  int size() {
    return entries.size();
  }

  private double dropLeast() {
    Entry least = byCount.first();
    remove(least.queue);
    return least.count;
  }
}
