package dev.dueline.ops.labels;

import dev.dueline.job.QueueName;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The queues that have a label of their own, and what is kept for each. Use is what counts: jobs
 * that went out, which halve in {@link #HALF_LIFE_TICKS}. A queue that holds jobs or has watchers
 * takes a label that is free or idle; only one that is used more takes a label from another.
 * Thread-safe.
 *
 * @param <T> what is kept for a label
 */
public final class LabelTable<T> {
  /** Ticks come at this pace, in seconds; a label at most changes hands at each. */
  public static final int TICK_SECONDS = 5;

  /** Five minutes: longer than the pauses of a queue that is used. */
  static final int HALF_LIFE_TICKS = 300 / TICK_SECONDS;

  /** Ten minutes without a job or a watcher: then a label goes to whoever needs it. */
  static final int IDLE_TICKS = 600 / TICK_SECONDS;

  /**
   * How much more use takes a label from a queue that is not idle: what queues of the same use
   * differ by is less, three deviations to either side, whatever that use is.
   */
  static final double FACTOR = 2;

  static final double MARGIN = 16;

  /** Queues without a label whose use is counted: who has a thousandth of it is never missed. */
  private static final int CANDIDATES = 1_000;

  /** Queues that wait for a label to be idle, at a tick. */
  private static final int MOST_WAITING = 16;

  private final int most;
  private final Function<QueueName, T> opening;
  private final Consumer<T> closing;
  private final T others;
  private final Map<QueueName, Entry<T>> labeled = new ConcurrentHashMap<>();
  private final FrequentQueues candidates = new FrequentQueues(CANDIDATES);
  private final Set<QueueName> waiting = new LinkedHashSet<>();
  private long tick;

  /**
   * A table in which only those have a label that always do.
   *
   * @param most labels, with those
   * @param always queues that keep their label whatever they do
   * @param others kept for all queues without a label
   * @param opening makes what is kept for a label
   * @param closing is given that when the label goes to another
   */
  public LabelTable(
      int most,
      Collection<QueueName> always,
      T others,
      Function<QueueName, T> opening,
      Consumer<T> closing) {
    this.most = most;
    this.opening = opening;
    this.closing = closing;
    this.others = others;
    always.forEach(queue -> give(queue, true, 0));
  }

  private static final class Entry<T> {
    private final QueueName queue;
    private final T kept;
    private final boolean isFixed;
    private final LongAdder recent = new LongAdder();
    private double use;
    private volatile boolean isPresent = true;
    private long presentTick;

    Entry(QueueName queue, T kept, boolean isFixed, double use) {
      this.queue = queue;
      this.kept = kept;
      this.isFixed = isFixed;
      this.use = use;
    }
  }

  /** What is kept for the label of a queue, or for the others. */
  public T of(QueueName queue) {
    Entry<T> entry = labeled.get(queue);
    return entry == null ? others : entry.kept;
  }

  /** Whether a queue has a label. */
  public boolean has(QueueName queue) {
    return labeled.containsKey(queue);
  }

  /** The queues with a label, now. */
  public Set<QueueName> queues() {
    return Set.copyOf(labeled.keySet());
  }

  /** Jobs of a queue went out. */
  public void used(QueueName queue, int jobs) {
    if (jobs > 0) {
      Entry<T> entry = labeled.get(queue);
      if (entry == null) {
        compete(queue, jobs);
      } else {
        entry.recent.add(jobs);
      }
    }
  }

  /** A queue holds jobs, or has watchers. */
  public void present(QueueName queue) {
    Entry<T> entry = labeled.get(queue);
    if (entry == null) {
      standBy(queue);
    } else {
      entry.isPresent = true;
    }
  }

  private synchronized void compete(QueueName queue, int jobs) {
    if (labeled.size() < most || labeled.containsKey(queue)) {
      give(queue, false, 0).recent.add(jobs);
    } else {
      candidates.add(queue, jobs);
    }
  }

  private synchronized void standBy(QueueName queue) {
    if (labeled.size() < most) {
      give(queue, false, 0);
    } else if (waiting.size() < MOST_WAITING) {
      waiting.add(queue);
    }
  }

  /** Time has passed: what was used fades, and a label may change hands. */
  public synchronized void tick() {
    tick++;
    double factor = Math.pow(0.5, 1.0 / HALF_LIFE_TICKS);
    for (Entry<T> entry : labeled.values()) {
      long recent = entry.recent.sumThenReset();
      entry.use = entry.use * factor + recent;
      if (recent > 0 || entry.isPresent) {
        entry.presentTick = tick;
        entry.isPresent = false;
      }
    }
    candidates.decay(factor);
    candidates
        .most()
        .flatMap(candidate -> loser(candidate).map(loser -> new Change(loser, candidate)))
        .or(this::changeForPresent)
        .ifPresent(this::change);
    waiting.clear();
  }

  /** Whose label goes to whom. */
  private record Change(QueueName from, QueueName to) {}

  private Optional<QueueName> loser(QueueName candidate) {
    double sure = candidates.sure(candidate);
    return sure < 1 ? Optional.empty() : idle().or(() -> less(sure));
  }

  private Optional<QueueName> less(double use) {
    return free().stream()
        .min(Comparator.comparingDouble(entry -> entry.use))
        .filter(least -> use >= FACTOR * least.use + MARGIN)
        .map(least -> least.queue);
  }

  private Optional<Change> changeForPresent() {
    return waiting.stream()
        .filter(queue -> !labeled.containsKey(queue))
        .findFirst()
        .flatMap(queue -> idle().map(idle -> new Change(idle, queue)));
  }

  private Optional<QueueName> idle() {
    return free().stream()
        .filter(this::isIdle)
        .min(Comparator.comparingLong(entry -> entry.presentTick))
        .map(entry -> entry.queue);
  }

  private boolean isIdle(Entry<T> entry) {
    return tick - entry.presentTick >= IDLE_TICKS;
  }

  private List<Entry<T>> free() {
    return labeled.values().stream().filter(entry -> !entry.isFixed).toList();
  }

  private void change(Change change) {
    Entry<T> loser = labeled.remove(change.from());
    if (loser != null) {
      closing.accept(loser.kept);
      give(change.to(), false, candidates.sure(change.to()));
      candidates.remove(change.to());
      if (!isIdle(loser)) {
        // What it was used counts on, so that both are measured alike.
        candidates.add(loser.queue, loser.use);
      }
    }
  }

  private Entry<T> give(QueueName queue, boolean isFixed, double use) {
    return labeled.computeIfAbsent(
        queue, missing -> new Entry<>(missing, opening.apply(missing), isFixed, use));
  }
}
