package dev.dueline.console.live;

import dev.dueline.access.QueuePatterns;
import dev.dueline.console.http.EventStreams;
import dev.dueline.console.live.Samples.Sample;
import dev.dueline.job.QueueName;
import dev.dueline.operation.queue.QueuePlace;
import dev.dueline.operation.queue.QueueView;
import dev.dueline.operation.queue.Queues;
import dev.dueline.store.queue.ShardStats.Totals;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all queues, again and again while somebody looks at the console, and at a pace at which
 * Redis does not feel it. Any thread.
 */
public final class Sampler {
  private static final Logger LOG = Logger.getLogger("dev.dueline.console");

  /** Most queues that are sampled, in the order of their names. */
  static final int MAX_QUEUES = 1_000;

  /** Queues asked for in one go. */
  private static final int STEP = 32;

  /** The pause after each shard: 200 of them a second are about 1 % of Redis's time. */
  private static final Duration PAUSE = Duration.ofMillis(5);

  private static final Duration BETWEEN_ROUNDS = Duration.ofSeconds(2);

  /** For how long a page that nobody left open counts as being looked at. */
  private static final long LOOK_NANOS = Duration.ofSeconds(30).toNanos();

  /** After which what is remembered is of no use. */
  private static final long OLD_MS = 60_000;

  private final Queues queues;
  private final ReplicaFacts replica;
  private final EventStreams tabs;
  private final InstantSource clock;
  private final History history = new History();
  private @Nullable Samples last;
  private @Nullable Uni<Samples> round;
  private long lookedNanos;

  /**
   * Nobody looks yet.
   *
   * @param replica asked for the memory of the store, once a round
   * @param tabs told of each round
   */
  public Sampler(Queues queues, ReplicaFacts replica, EventStreams tabs, InstantSource clock) {
    this.queues = queues;
    this.replica = replica;
    this.tabs = tabs;
    this.clock = clock;
    // Some pages are live and have nothing of a sample.
    tabs.onOpen(
        () -> {
          var unused = look();
        });
  }

  /** The last hour. */
  public History history() {
    return history;
  }

  /** The last round, or that which is under way if there is none of late. Somebody looks. */
  public synchronized Uni<Samples> look() {
    lookedNanos = System.nanoTime();
    if (round == null) {
      forgetWhatIsOld();
      begin(last == null);
    }
    // While a round is under way, however long, the one before it stands.
    Samples known = last;
    return known == null ? Objects.requireNonNull(round) : Uni.createFrom().item(known);
  }

  private synchronized void forgetWhatIsOld() {
    if (last != null && isOld(last)) {
      last = null;
    }
  }

  private boolean isOld(Samples samples) {
    return clock.millis() - samples.atMs() > OLD_MS;
  }

  /** Begins a round, at once or after a pause; whoever wants its outcome shares it. */
  private synchronized void begin(boolean isFirst) {
    Samples before = last;
    Uni<Samples> sampled =
        (isFirst
                ? Uni.createFrom().voidItem()
                : Uni.createFrom().voidItem().onItem().delayIt().by(BETWEEN_ROUNDS))
            .chain(() -> new Round(before, isFirst).page(QueuePlace.START))
            .memoize()
            .indefinitely();
    round = sampled;
    sampled.subscribe().with(this::sampled, this::failed);
  }

  private void sampled(Samples samples) {
    history.add(samples);
    synchronized (this) {
      last = samples;
    }
    tellOfNews();
    goOn();
  }

  private void failed(Throwable failure) {
    LOG.debug("A round of the console failed", failure);
    forgetWhatIsOld();
    synchronized (this) {
      last = last == null ? null : last.failed(clock.millis());
    }
    tellOfNews();
    goOn();
  }

  private void tellOfNews() {
    tabs.tell("sample", "{\"at\":" + clock.millis() + "}");
  }

  private synchronized void goOn() {
    boolean isLookedAt = !tabs.isEmpty() || System.nanoTime() - lookedNanos < LOOK_NANOS;
    if (isLookedAt) {
      begin(false);
    } else {
      round = null;
    }
  }

  /** One look at all queues. */
  private final class Round {
    private final @Nullable Samples before;
    private final boolean isFirst;
    private final SortedMap<String, Sample> found = new TreeMap<>();
    private final SortedSet<String> unreadable = new TreeSet<>();

    Round(@Nullable Samples before, boolean isFirst) {
      this.before = before;
      this.isFirst = isFirst;
    }

    Uni<Samples> page(QueuePlace from) {
      return queues
          .list(QueuePatterns.ALL, "", STEP, from)
          .chain(
              page -> {
                page.queues().forEach(this::add);
                page.failed().keySet().forEach(name -> unreadable.add(name.value()));
                Optional<QueuePlace> next = page.next();
                boolean isOver = next.isEmpty() || found.size() + unreadable.size() >= MAX_QUEUES;
                return isOver
                    ? memory().map(memory -> samples(next.isPresent(), memory))
                    : paused(page).chain(() -> page(next.get()));
              });
    }

    /** Nothing where the store does not say: a user of Redis may lack the permission. */
    private Uni<List<ReplicaFacts.Memory>> memory() {
      return replica.memory().onFailure().recoverWithItem(List.of());
    }

    private Uni<Void> paused(Queues.Page page) {
      long shards = page.queues().stream().mapToLong(view -> view.shards().size()).sum();
      Uni<Void> now = Uni.createFrom().voidItem();
      return isFirst || shards == 0 ? now : now.onItem().delayIt().by(PAUSE.multipliedBy(shards));
    }

    private void add(QueueView view) {
      QueueName queue = view.layout().queue();
      Sample earlier = before == null ? null : before.queues().get(queue.value());
      long died = history.diedLately(queue.value(), clock.millis(), view.total(Totals::died));
      found.put(queue.value(), new Sample(view, earlier == null ? view : earlier.view(), died));
    }

    private Samples samples(boolean isPartial, List<ReplicaFacts.Memory> memory) {
      return new Samples(clock.millis(), found, unreadable, isPartial, memory, 0);
    }
  }
}
