package dev.dueline.store;

import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.RetryPolicy;
import dev.dueline.job.TraceParent;
import dev.dueline.job.recurrence.Cron;
import dev.dueline.job.recurrence.Every;
import dev.dueline.job.recurrence.MissedRuns;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.job.recurrence.Rule;
import dev.dueline.store.ModelSide.Loss;
import dev.dueline.store.ModelStep.Ending;
import dev.dueline.store.ModelStep.LeasePick;
import dev.dueline.store.ModelStep.Twist;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Deadline;
import dev.dueline.store.call.RequestId;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.due.Release.Target;
import dev.dueline.store.due.Slots;
import dev.dueline.store.queue.QueueStore.Spread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes random sequences of steps. Durations are whole hours, due times whole hours since the
 * epoch, and the n-th step is made in the n-th cell after a whole hour: so no two times that come
 * of different steps, or of a step and a request, are in one cell, and what a real clock moves on
 * during a step, which is less than a cell, decides nothing.
 */
final class ModelSequence {
  /** The most steps, so that the last is still made within its hour. */
  static final int MAX_STEPS = (int) (3_600_000 / ModelSide.CELL_MS) - 1;

  private static final long HOUR_MS = 3_600_000;
  private static final long FIRST_HOUR = 500_000;
  private static final long TEN_YEARS = 87_660;
  private static final int LARGE_BYTES = 600_000;

  /** Before any time that a sequence takes place at. */
  private static final Duration LONG_AGO = Duration.ofDays(-36_500);

  /** Ids that sort differently by bytes, by UTF-16 and by locale. */
  private static final List<JobId> IDS =
      Stream.of("a", "B", "a b", "é", "ａ", "𝄞", "0", "{x}:y").map(JobId::new).toList();

  private final SplittableRandom random;

  /**
   * Whether the clock is set forward and back. Requests have no ids then, since Redis forgets them
   * in generations, and the model by the clock alone; and nothing is lost, for fences would be, and
   * only grow again with the clock.
   */
  private final boolean isStepping;

  private final List<NewJob> requests = new ArrayList<>();
  private long hour = FIRST_HOUR;

  /** Whether the last step looked if the queue is idle: it goes with the second look of two. */
  private boolean hasLooked;

  ModelSequence(long seed) {
    random = new SplittableRandom(seed);
    isStepping = chance(50);
  }

  /** A step and when it is made. */
  record Timed(long nowMs, ModelStep step) {
    @Override
    public String toString() {
      return "at " + ModelSide.cell(nowMs) + " " + step;
    }
  }

  List<Timed> steps(int count) {
    if (count > MAX_STEPS) {
      throw new IllegalArgumentException("more steps than cells in an hour: " + count);
    }
    List<Timed> steps = new ArrayList<>();
    for (int n = 1; n <= count; n++) {
      hour += chance(40) ? random.nextInt(1, 3) : 0;
      hour += chance(2) ? 1_000 : 0;
      hour += isStepping && chance(6) ? clockStep() : 0;
      long inHourMs = n * ModelSide.CELL_MS + ModelSide.STEP_AT_MS;
      steps.add(new Timed(hour * HOUR_MS + inHourMs, step()));
    }
    return steps;
  }

  /** By how many hours the clock is set back, or forward. */
  private long clockStep() {
    long step = chance(70) ? random.nextInt(1, 5) : TEN_YEARS;
    return chance(70) ? -step : step;
  }

  private ModelStep step() {
    hasLooked = !isStepping && chance(hasLooked ? 60 : 3);
    if (hasLooked) {
      return new ModelQueueStep.Lose(Loss.IDLE);
    }
    return chance(14) ? queueStep() : !isStepping && chance(2) ? loss() : jobStep();
  }

  private ModelStep loss() {
    List<Loss> losses = List.of(Loss.REGISTRY, Loss.SHARD_COUNT, Loss.ALL);
    return new ModelQueueStep.Lose(losses.get(random.nextInt(losses.size())));
  }

  private ModelStep queueStep() {
    return switch (random.nextInt(13)) {
      case 0 -> new ModelQueueStep.Pause(chance(40));
      case 1, 2 -> new ModelQueueStep.Limit(new QueueLimits.Change(limits(), parts()));
      case 3, 4 -> new ModelQueueStep.Stats();
      case 5 -> new ModelQueueStep.Deliver(chance(40) ? 0 : random.nextInt(1, 9));
      case 6, 7, 8 -> new ModelQueueStep.Feed(random.nextInt(1, 5));
      case 9 ->
          new ModelQueueStep.Purge(
              chance(50) ? JobState.PENDING : JobState.DEAD, random.nextInt(1, 4));
      case 10 -> count();
      default ->
          new ModelQueueStep.Redrive(
              chance(50) ? List.of() : some(3, this::id).stream().distinct().toList(),
              random.nextInt(1, 4),
              new Spread(0, 0));
    };
  }

  private ModelStep count() {
    JobState[] states = JobState.values();
    List<Long> boundaries =
        some(4, () -> (hour + random.nextInt(-4, 5)) * HOUR_MS).stream()
            .distinct()
            .sorted()
            .toList();
    return new ModelQueueStep.Count(states[random.nextInt(states.length)], boundaries);
  }

  private Set<QueueLimits.Part> parts() {
    return Stream.of(QueueLimits.Part.values())
        .filter(part -> chance(70))
        .collect(Collectors.toSet());
  }

  private QueueLimits limits() {
    return new QueueLimits(
        chance(60) ? 0 : 1.0 / (3_600 * random.nextInt(1, 4)),
        chance(60) ? 0 : random.nextInt(1, 4),
        chance(70) ? 0 : random.nextInt(1, 6));
  }

  private ModelStep jobStep() {
    int dice = random.nextInt(100);
    if (dice < 27) {
      return new ModelStep.Schedule(some(4, this::item));
    } else if (dice < 50) {
      return new ModelStep.Claim(slots());
    } else if (dice < 57) {
      return new ModelStep.Ack(some(3, this::lease));
    } else if (dice < 67) {
      return new ModelStep.Released(some(3, this::lease), ending(), chance(30));
    } else if (dice < 72) {
      return new ModelStep.Extend(some(3, this::lease), hours(4));
    } else if (dice < 80) {
      return new ModelStep.Expire(random.nextInt(1, 5));
    } else if (dice < 86) {
      return new ModelStep.Reschedule(id(), due());
    } else if (dice < 92) {
      return new ModelStep.Cancel(some(3, () -> new CancelItem(id(), chance(50), requestId())));
    } else if (dice < 94) {
      return new ModelStep.ReadLeased(some(3, this::lease));
    } else if (dice < 95) {
      return new ModelStep.Claimed(some(2, this::lease));
    } else if (dice < 96) {
      return new ModelStep.Read(id());
    } else if (dice < 98) {
      return new ModelStep.Sweep();
    }
    return list();
  }

  private ScheduleItem item() {
    if (requests.isEmpty() || chance(75)) {
      TreeMap<String, String> attributes = new TreeMap<>();
      if (chance(10)) {
        attributes.put("k", "é");
      }
      RetryPolicy policy = chance(10) ? new RetryPolicy(3, 5, 70, 1.5, 0.25) : null;
      long ttlMs = chance(25) ? HOUR_MS + hours(2) : 0;
      Recurrence recurrence = chance(40) ? recurrence() : null;
      Due due = recurrence != null && chance(40) ? new Due.ByRule(inHours(3)) : due();
      requests.add(new NewJob(id(), due, payload(), attributes, policy, ttlMs, recurrence, null));
    }
    ConflictPolicy[] policies = ConflictPolicy.values();
    NewJob request =
        requests.get(random.nextInt(Math.max(0, requests.size() - 8), requests.size()));
    return new ScheduleItem(
        chance(30) ? request.in(trace()) : request,
        policies[chance(50) ? 0 : random.nextInt(policies.length)],
        requestId(),
        chance(95) ? Deadline.NEVER : Deadline.in(LONG_AGO));
  }

  private @Nullable RequestId requestId() {
    return isStepping || chance(60) ? null : new RequestId("request " + random.nextInt(3));
  }

  private TraceParent trace() {
    String digits = "%016x".formatted(random.nextLong());
    return new TraceParent(digits + digits, digits, (byte) random.nextInt(256));
  }

  private Recurrence recurrence() {
    Rule rule =
        chance(60) ? new Every(HOUR_MS + hours(2)) : new Cron("0 */2 * * *", "Europe/Berlin");
    return new Recurrence(
        rule,
        chance(25) ? inHours(9) : Rule.MAX_MS,
        chance(25) ? random.nextInt(1, 4) : 0,
        chance(50) ? MissedRuns.RUN_ONCE : MissedRuns.SKIP);
  }

  private byte[] payload() {
    return new byte[chance(7) ? LARGE_BYTES : random.nextInt(3)];
  }

  private Slots slots() {
    List<Slots.Holder> holders =
        List.of(new Slots.Holder(1, 1, HOUR_MS + hours(2)), new Slots.Holder(-1, 2, HOUR_MS));
    List<Integer> order = some(5, () -> random.nextInt(2));
    long overdueMs = chance(15) ? hours(3) : 0;
    return chance(5) ? Slots.NONE : new Slots(holders, order, random.nextLong(), 0, overdueMs);
  }

  private LeasePick lease() {
    Twist[] twists = Twist.values();
    return new LeasePick(
        random.nextInt(1_000), chance(80) ? Twist.NOTHING : twists[random.nextInt(twists.length)]);
  }

  private Ending ending() {
    Target target =
        switch (random.nextInt(4)) {
          case 0 -> new Target.Dead();
          case 1 -> new Target.AsItWas();
          default -> new Target.DueAgain(due());
        };
    return new Ending(target, chance(60), chance(50) ? "" : "failed " + random.nextInt(3));
  }

  private ModelStep list() {
    JobState[] states = JobState.values();
    boolean isBounded = chance(40);
    long from = isBounded ? (hour - random.nextInt(4)) * HOUR_MS : 0;
    long to = isBounded ? from + hours(8) : Long.MAX_VALUE;
    JobState state = states[random.nextInt(states.length)];
    return new ModelStep.ListAll(state, from, to, random.nextInt(1, 6), chance(50));
  }

  private JobId id() {
    return IDS.get(random.nextInt(IDS.size()));
  }

  private Due due() {
    return chance(50) ? new Due.After(hours(3)) : new Due.At((hour - 2) * HOUR_MS + hours(6));
  }

  private long inHours(int most) {
    return (hour + 1) * HOUR_MS + hours(most);
  }

  private long hours(int most) {
    return random.nextInt(most + 1) * HOUR_MS;
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> List<T> some(int most, Supplier<T> item) {
    return Stream.generate(item).limit(random.nextInt(1, most + 1)).toList();
  }
}
