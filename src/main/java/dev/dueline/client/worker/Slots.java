package dev.dueline.client.worker;

import dev.dueline.client.Retries;
import dev.dueline.v1.DueJob;
import dev.dueline.v1.ExtendLeaseRequest;
import dev.dueline.v1.ExtendLeaseResponse;
import dev.dueline.v1.LeaseOutcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The handlers that run, never more than the worker's concurrency. A handler that ignores its
 * cancellation keeps its slot until it ends. Belongs to the worker's thread.
 */
final class Slots {
  /** For a cancelled handler to end, and so for a job to get the slot that it leaves. */
  private static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(1);

  /** For a stream to stop, before jobs go back that it might bring again at once. */
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

  private static final int MAX_TOKENS = 1_000;

  /** Leases are extended so many times before they would end. */
  private static final int EXTENSIONS = 3;

  private final WorkerSettings settings;
  private final JobHandler handler;
  private final WorkerListener listener;
  private final Settler settler;
  private final Retries retries;
  private final Executor loop;
  private final Executor pool;
  private final Set<Task> running = new HashSet<>();
  private final Deque<Task> waiting = new ArrayDeque<>();

  /** Those whose result is still open. */
  private final Map<String, Task> byToken = new HashMap<>();

  private long extendedNanos = System.nanoTime();
  private boolean isGivingBack;

  Slots(
      WorkerSettings settings,
      JobHandler handler,
      WorkerListener listener,
      Settler settler,
      Retries retries,
      Executors executors) {
    this.settings = settings;
    this.handler = handler;
    this.listener = listener;
    this.settler = settler;
    this.retries = retries;
    this.loop = executors.loop();
    this.pool = executors.pool();
  }

  /**
   * Where things run.
   *
   * @param loop the worker's thread
   * @param pool handlers
   */
  record Executors(Executor loop, Executor pool) {}

  /** Whether the results of all jobs are known. */
  boolean isIdle() {
    return byToken.isEmpty();
  }

  /**
   * Slots that no live stream accounts for: of streams that are gone, and of handlers that hang.
   */
  int held() {
    long now = System.nanoTime();
    long held =
        running.stream()
            .filter(t -> !t.source.isLive || t.isAbandonedFor(now, CANCEL_TIMEOUT))
            .count();
    return (int) (held + waiting.stream().filter(task -> !task.source.isLive).count());
  }

  /** Whether jobs of streams that are gone are still worked on. */
  boolean hasOrphans() {
    return byToken.values().stream().anyMatch(task -> !task.source.isLive);
  }

  /** Works on jobs, each once a slot is free. */
  void add(Source source, List<DueJob> jobs) {
    for (DueJob job : jobs) {
      Task task = new Task(new Delivery(job), source);
      byToken.put(task.token(), task);
      if (isGivingBack) {
        abandon(task, Result.giveBack());
      } else {
        waiting.add(task);
      }
    }
    beginWaiting();
  }

  private void beginWaiting() {
    while (!waiting.isEmpty() && running.size() < settings.concurrency()) {
      Task task = waiting.remove();
      running.add(task);
      task.isBegun = true;
      task.begunNanos = System.nanoTime();
      listener.started(task.delivery);
      pool.execute(() -> handle(task));
    }
  }

  /** On a thread of the pool. */
  private void handle(Task task) {
    CompletionStage<Result> result;
    try {
      result = Objects.requireNonNull(handler.handle(task.delivery), "the handler returned null");
    } catch (Throwable e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      result = CompletableFuture.failedFuture(e);
    }
    var unused =
        result.whenCompleteAsync((value, failure) -> ended(task, Result.of(value, failure)), loop);
  }

  private void ended(Task task, Result result) {
    running.remove(task);
    task.hasEnded = true;
    boolean isOpen = byToken.get(task.token()) == task;
    if (isOpen && (task.fallback == null || result.settlement() == Settlement.ACKED)) {
      settle(task, result);
    } else if (isOpen) {
      settleAbandoned(task, System.nanoTime());
    }
    beginWaiting();
  }

  private void settle(Task task, Result result) {
    byToken.remove(task.token());
    Duration ran = ran(task);
    settler.settle(task.token(), result, settlement -> settled(task, settlement, ran));
  }

  private void settled(Task task, Settlement settlement, Duration ran) {
    if (settlement == Settlement.UNSETTLED) {
      // Or it would extend the job's lease for ever.
      task.source.close();
    }
    if (task.isBegun) {
      listener.finished(task.delivery, settlement, ran);
    }
  }

  private static Duration ran(Task task) {
    return Duration.ofNanos(System.nanoTime() - task.begunNanos);
  }

  /** Cancels a handler, whose job has this result unless it soon succeeds. */
  private static void abandon(Task task, Result fallback) {
    if (task.fallback == null) {
      task.fallback = fallback;
      task.abandon(System.nanoTime());
    }
  }

  private void settleAbandoned(Task task, long now) {
    Result fallback = task.fallback;
    if (fallback == null || !(task.hasEnded || task.isAbandonedFor(now, CANCEL_TIMEOUT))) {
      return;
    }
    boolean isOver = task.source.isStopped || task.source.isEnded;
    if (isOver
        || fallback.settlement() != Settlement.GIVEN_BACK
        || task.isAbandonedFor(now, STOP_TIMEOUT)) {
      settle(task, fallback);
    }
  }

  /** A lease is over: work on its job no longer counts. */
  void lose(String leaseToken) {
    Task task = byToken.remove(leaseToken);
    if (task == null) {
      return;
    }
    waiting.remove(task);
    listener.leaseLost(task.delivery);
    task.abandon(System.nanoTime());
    if (task.isBegun) {
      listener.finished(task.delivery, Settlement.LOST, ran(task));
    }
  }

  /** Cancels all handlers and gives all jobs back, also those that come from now on. */
  void giveBackAll() {
    isGivingBack = true;
    waiting.clear();
    byToken.values().forEach(task -> abandon(task, Result.giveBack()));
  }

  /** Gives back jobs that came before a time and have found no slot. */
  private void giveBackWaiting(long cameBeforeNanos) {
    while (!waiting.isEmpty() && waiting.element().cameNanos - cameBeforeNanos < 0) {
      settle(waiting.remove(), Result.giveBack());
    }
  }

  /** Looks after the time that handlers and leases have. */
  void tick(long now) {
    giveBackWaiting(now - CANCEL_TIMEOUT.toNanos());
    long maxRunNanos = TimeUnit.NANOSECONDS.convert(settings.maxRunTime());
    for (Task task : running) {
      if (!task.isAbandoned() && now - task.begunNanos > maxRunNanos) {
        abandon(task, Result.failed("ran longer than " + settings.maxRunTime()));
      }
    }
    List.copyOf(byToken.values()).forEach(task -> settleAbandoned(task, now));
    if (now - extendedNanos > TimeUnit.NANOSECONDS.convert(settings.lease()) / EXTENSIONS) {
      extend();
    }
  }

  /** Extends leases that no stream looks after any more, or perhaps none. */
  void extend() {
    long now = System.nanoTime();
    extendedNanos = now;
    List<String> tokens =
        byToken.values().stream()
            .filter(task -> task.source.isEnded || task.source.isQuiet(now))
            .map(Task::token)
            .toList();
    for (int from = 0; from < tokens.size(); from += MAX_TOKENS) {
      extend(tokens.subList(from, Math.min(tokens.size(), from + MAX_TOKENS)));
    }
  }

  private void extend(List<String> tokens) {
    ExtendLeaseRequest.Builder request = ExtendLeaseRequest.newBuilder().addAllLeaseTokens(tokens);
    request
        .getLeaseDurationBuilder()
        .setSeconds(settings.lease().getSeconds())
        .setNanos(settings.lease().getNano());
    var unused =
        retries
            .<ExtendLeaseResponse>call(
                (stub, answer) -> stub.extendLease(request.build(), answer), true)
            .thenAcceptAsync(
                response -> {
                  for (int i = 0; i < response.getOutcomesCount(); i++) {
                    if (response.getOutcomes(i) != LeaseOutcome.LEASE_OUTCOME_OK) {
                      lose(tokens.get(i));
                    }
                  }
                },
                loop);
  }
}
