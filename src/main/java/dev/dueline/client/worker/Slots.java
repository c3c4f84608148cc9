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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The handlers that run, never more than the worker's concurrency. A handler that ignores its
 * cancellation keeps its slot until it ends. Belongs to the worker's thread.
 */
final class Slots {
  /** For a cancelled handler to end, before its slot is taken for lost for the time being. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

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

  /** Those that run or wait, and are not given up. */
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

  /** Whether no job is worked on, or waits to be, that is not given up. */
  boolean isIdle() {
    return byToken.isEmpty();
  }

  /**
   * Slots that no live stream accounts for: of streams that are gone, and of handlers that hang.
   */
  int held() {
    long now = System.nanoTime();
    long held = running.stream().filter(t -> !t.source.isLive || t.hangs(now, PATIENCE)).count();
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
      if (isGivingBack) {
        giveBack(task);
      } else {
        byToken.put(task.token(), task);
        waiting.add(task);
      }
    }
    beginWaiting();
  }

  private void beginWaiting() {
    while (!waiting.isEmpty() && running.size() < settings.concurrency()) {
      Task task = waiting.remove();
      running.add(task);
      task.begunNanos = System.nanoTime();
      listener.started(task.delivery);
      pool.execute(() -> handle(task));
    }
  }

  /** On a thread of the pool. */
  private void handle(Task task) {
    CompletionStage<Result> result;
    try {
      result = handler.handle(task.delivery);
    } catch (Throwable e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      result = CompletableFuture.failedFuture(e);
    }
    var unused =
        result.whenCompleteAsync(
            (value, failure) -> ended(task, failure == null ? value : Result.of(failure)), loop);
  }

  private void ended(Task task, Result result) {
    running.remove(task);
    if (!task.isAbandoned()) {
      byToken.remove(task.token());
      settle(task, result);
    }
    beginWaiting();
  }

  private void settle(Task task, Result result) {
    Duration ran = ran(task);
    settler.settle(
        task.token(), result, settlement -> listener.finished(task.delivery, settlement, ran));
  }

  private static Duration ran(Task task) {
    return Duration.ofNanos(System.nanoTime() - task.begunNanos);
  }

  private void giveBack(Task task) {
    settler.settle(task.token(), Result.giveBack(), settlement -> {});
  }

  /** Cancels a handler, and settles its job by a result; null: there is nothing left to settle. */
  private void abandon(Task task, @Nullable Result result) {
    byToken.remove(task.token());
    task.abandonedNanos = System.nanoTime();
    task.delivery.cancel();
    if (result == null) {
      listener.finished(task.delivery, Settlement.LOST, ran(task));
    } else {
      settle(task, result);
    }
  }

  /** A lease is over: work on its job no longer counts. */
  void lose(String leaseToken) {
    Task task = byToken.get(leaseToken);
    if (task == null) {
      return;
    }
    listener.leaseLost(task.delivery);
    if (waiting.remove(task)) {
      byToken.remove(leaseToken);
    } else {
      abandon(task, null);
    }
  }

  /** Cancels all handlers and gives all jobs back, also those that come from now on. */
  void giveBackAll() {
    isGivingBack = true;
    giveBackWaiting(Long.MAX_VALUE);
    List.copyOf(byToken.values()).forEach(task -> abandon(task, Result.giveBack()));
  }

  /** Gives back jobs that came before a time and have found no slot. */
  private void giveBackWaiting(long cameBeforeNanos) {
    while (!waiting.isEmpty()
        && (isGivingBack || waiting.element().cameNanos - cameBeforeNanos < 0)) {
      Task task = waiting.remove();
      byToken.remove(task.token());
      giveBack(task);
    }
  }

  /** Looks after the time that handlers and leases have. */
  void tick() {
    long now = System.nanoTime();
    giveBackWaiting(now - PATIENCE.toNanos());
    for (Task task : List.copyOf(running)) {
      if (!task.isAbandoned() && now - task.begunNanos > settings.maxRunTime().toNanos()) {
        abandon(task, Result.failed("ran longer than " + settings.maxRunTime()));
      }
    }
    if (now - extendedNanos > settings.lease().toNanos() / EXTENSIONS) {
      extend();
    }
  }

  /** Extends leases that no stream looks after any more. */
  void extend() {
    extendedNanos = System.nanoTime();
    List<String> tokens =
        byToken.values().stream().filter(task -> task.source.isEnded).map(Task::token).toList();
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
