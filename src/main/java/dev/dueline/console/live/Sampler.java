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
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ScheduledExecutorService;
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

  /** For the first round, which takes longer where there are many queues. */
  private static final Duration WAIT = Duration.ofSeconds(1);

  /** For how long a page that nobody left open counts as being looked at. */
  private static final long LOOK_NANOS = Duration.ofSeconds(30).toNanos();

  /** After which what is remembered is of no use. */
  private static final long OLD_MS = 60_000;

  private final Queues queues;
  private final ReplicaFacts replica;
  private final EventStreams tabs;
  private final InstantSource clock;
  private final ScheduledExecutorService timers;
  private final History history = new History();
  private @Nullable Samples last;
  private @Nullable Round round;
  private long lookedNanos;
  private volatile boolean isClosed;

  /**
   * Nobody looks yet.
   *
   * @param replica asked for the memory of the store, once a round
   * @param tabs told of each round
   */
  public Sampler(Queues queues, ReplicaFacts replica, EventStreams tabs, InstantSource clock) {
    this(queues, replica, tabs, clock, Infrastructure.getDefaultWorkerPool());
  }

  Sampler(
      Queues queues,
      ReplicaFacts replica,
      EventStreams tabs,
      InstantSource clock,
      ScheduledExecutorService timers) {
    this.queues = queues;
    this.replica = replica;
    this.tabs = tabs;
    this.clock = clock;
    this.timers = timers;
    // Some pages are live and have nothing of a sample.
    tabs.onOpen(
        () -> {
          var unused = latest();
        });
  }

  /** Asks for nothing more, and has no outcome of a round that is under way. */
  public void close() {
    isClosed = true;
  }

  /** The last hour. */
  public History history() {
    return history;
  }

  /** The last round; empty: there is none of late. Somebody looks. */
  public synchronized Optional<Samples> latest() {
    lookedNanos = System.nanoTime();
    if (round == null) {
      forgetWhatIsOld();
      begin(last == null);
    }
    // While a round is under way, however long, the one before it stands.
    return Optional.ofNullable(last);
  }

  /**
   * The last round, or that which is under way if there is none of late: as far as it is, where it
   * takes long. Somebody looks.
   */
  public synchronized Uni<Samples> look() {
    Optional<Samples> known = latest();
    Round first = round;
    if (known.isPresent() || first == null) {
      return Uni.createFrom()
          .optional(known)
          .onItem()
          .ifNull()
          .failWith(() -> new CancellationException("The console has ended"));
    }
    return first
        .outcome
        .ifNoItem()
        .after(WAIT)
        .on(timers)
        .recoverWithUni(() -> first.isEmpty() ? first.outcome : soFar(first));
  }

  private static Uni<Samples> soFar(Round round) {
    return Uni.createFrom().item(round.samples(true, List.of()));
  }

  private synchronized void forgetWhatIsOld() {
    if (last != null && isOld(last)) {
      last = null;
    }
  }

  private boolean isOld(Samples samples) {
    return clock.millis() - samples.atMs() > OLD_MS;
  }

  /** Begins a round, at once or after a pause. */
  private synchronized void begin(boolean isFirst) {
    Round begun = isClosed ? null : new Round(last, isFirst ? Duration.ZERO : BETWEEN_ROUNDS);
    round = begun;
    if (begun != null) {
      begun.outcome.subscribe().with(this::sampled, this::failed);
    }
  }

  private Uni<Void> after(Duration pause) {
    Uni<Void> now = Uni.createFrom().voidItem();
    return pause.isZero() ? now : now.onItem().delayIt().onExecutor(timers).by(pause);
  }

  private void sampled(Samples samples) {
    if (isClosed) {
      return;
    }
    history.add(samples, replica::lateness);
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
      last = last == null ? null : last.failed(clock.millis(), failure);
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
    /** Shared by whoever wants it. */
    final Uni<Samples> outcome;

    private final @Nullable Samples before;

    // Guarded by this.
    private final SortedMap<String, Sample> found = new TreeMap<>();
    private final SortedSet<String> unreadable = new TreeSet<>();

    /** Begins after a pause, with the first that wants its outcome. */
    Round(@Nullable Samples before, Duration pause) {
      this.before = before;
      this.outcome = after(pause).chain(() -> page(QueuePlace.START)).memoize().indefinitely();
    }

    private Uni<Samples> page(QueuePlace from) {
      return isClosed
          ? Uni.createFrom().failure(new CancellationException("The console has ended"))
          : queues.list(QueuePatterns.ALL, "", STEP, from).chain(this::goOn);
    }

    private Uni<Samples> goOn(Queues.Page page) {
      boolean isFull = add(page);
      Optional<QueuePlace> next = page.next();
      if (next.isEmpty() || isFull) {
        return memory().map(memory -> samples(next.isPresent(), memory));
      }
      long shards = page.queues().stream().mapToLong(view -> view.shards().size()).sum();
      return after(PAUSE.multipliedBy(shards)).chain(() -> page(next.get()));
    }

    /** Nothing where the store does not say: a user of Redis may lack the permission. */
    private Uni<List<ReplicaFacts.Memory>> memory() {
      return replica.memory().onFailure().recoverWithItem(List.of());
    }

    /** Whether no more are wanted. */
    private synchronized boolean add(Queues.Page page) {
      page.queues().forEach(this::add);
      page.failed().keySet().forEach(name -> unreadable.add(name.value()));
      return found.size() + unreadable.size() >= MAX_QUEUES;
    }

    private void add(QueueView view) {
      QueueName queue = view.layout().queue();
      Sample earlier = before == null ? null : before.queues().get(queue.value());
      long died = history.diedLately(queue.value(), clock.millis(), view.total(Totals::died));
      found.put(
          queue.value(), earlier == null ? Sample.first(view, died) : earlier.next(view, died));
    }

    synchronized boolean isEmpty() {
      return found.isEmpty();
    }

    /** As far as it is. */
    synchronized Samples samples(boolean isPartial, List<ReplicaFacts.Memory> memory) {
      return new Samples(
          clock.millis(), new TreeMap<>(found), new TreeSet<>(unreadable), isPartial, memory, null);
    }
  }
}
