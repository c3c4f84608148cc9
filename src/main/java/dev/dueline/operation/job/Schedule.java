package dev.dueline.operation.job;

import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.recurrence.Recurrence;
import dev.dueline.job.recurrence.Rule;
import dev.dueline.store.JobStore;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.call.Rescheduled;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;
import dev.dueline.store.failure.StaleLayoutException;
import dev.dueline.store.queue.QueueDirectory;
import io.smallrye.mutiny.Uni;
import java.util.Collections;
import java.util.List;

/** Stores jobs in queues, which are created if they do not exist, and moves those that wait. */
public final class Schedule {
  /** For the clock of jobs that tell their due times themselves. */
  private static final long NOT_NEEDED = 0;

  private final QueueDirectory directory;
  private final JobStore store;

  Schedule(QueueDirectory directory, JobStore store) {
    this.directory = directory;
    this.store = store;
  }

  /** A job to store, and its queue. */
  public record Item(QueueName queue, ScheduleItem job) {}

  /** What became of one job of a batch. */
  public sealed interface Result {
    /** The store decided. */
    record Decided(Scheduled scheduled) implements Result {}

    /** The job, or the call to its queue or shard, failed; the cause is shared by all of a call. */
    record Failed(Throwable cause) implements Result {}
  }

  /** Stores one job; fails with the store's exceptions. */
  public Uni<Scheduled> one(Item item) {
    return directory.with(
        item.queue,
        layout -> {
          Shard shard = layout.shardOf(item.job.job().id());
          return needsClock(item.job)
              ? store.nowMs(shard).chain(nowMs -> one(shard, item.job, nowMs))
              : one(shard, item.job, NOT_NEEDED);
        });
  }

  /**
   * Stores jobs, each on its own: what fails is the result of the jobs concerned and of no other.
   */
  public Uni<List<Result>> each(List<Item> items) {
    return ShardCalls.perQueue(
        items, Item::queue, (queue, part) -> inQueue(queue, part.stream().map(Item::job).toList()));
  }

  /** Moves a pending or dead job to another due time. */
  public Uni<Rescheduled> move(QueueName queue, JobId id, Due due) {
    return directory.withFound(
        queue,
        found ->
            found.isEmpty()
                ? Uni.createFrom().item(new Rescheduled(Rescheduled.Outcome.NOT_FOUND, 0))
                : store.reschedule(found.get().shardOf(id), id, due));
  }

  private Uni<Scheduled> one(Shard shard, ScheduleItem job, long nowMs) {
    return store.schedule(shard, List.of(withFirstRun(nowMs, job))).map(results -> results.get(0));
  }

  private Uni<List<Result>> inQueue(QueueName queue, List<ScheduleItem> jobs) {
    return directory
        .with(
            queue,
            layout ->
                ShardCalls.perShard(jobs, job -> layout.shardOf(job.job().id()), this::inShard))
        .onFailure()
        .recoverWithItem(thrown -> failed(jobs, thrown));
  }

  private Uni<List<Result>> inShard(Shard shard, List<ScheduleItem> jobs) {
    return nowMs(shard, jobs)
        .chain(nowMs -> inShard(shard, jobs, nowMs))
        .onFailure(thrown -> !(thrown instanceof StaleLayoutException))
        .recoverWithItem(thrown -> failed(jobs, thrown));
  }

  private Uni<List<Result>> inShard(Shard shard, List<ScheduleItem> jobs, long nowMs) {
    List<ScheduleItem> first = jobs.stream().map(job -> withFirstRun(nowMs, job)).toList();
    return store
        .schedule(shard, first)
        .map(decided -> decided.stream().<Result>map(Result.Decided::new).toList());
  }

  private static List<Result> failed(List<ScheduleItem> jobs, Throwable cause) {
    return Collections.nCopies(jobs.size(), new Result.Failed(cause));
  }

  /** The clock of a shard, ms, where a job needs it. */
  private Uni<Long> nowMs(Shard shard, List<ScheduleItem> jobs) {
    return jobs.stream().anyMatch(Schedule::needsClock)
        ? store.nowMs(shard)
        : Uni.createFrom().item(NOT_NEEDED);
  }

  /** Whether the rule of a job that recurs gives its first run. */
  private static boolean needsClock(ScheduleItem item) {
    return item.job().due() instanceof Due.ByRule;
  }

  /**
   * The item with its first run, where the rule gives it; else as it is. Where no run is due by the
   * end of the series the first one is after it, which the store refuses, but for a request that it
   * carried out before.
   *
   * @param nowMs the store's clock, asked just before the job is stored; should the run's due time
   *     pass in between, it is due at once, so that no clock but the store's decides
   */
  private static ScheduleItem withFirstRun(long nowMs, ScheduleItem item) {
    Recurrence recurrence = item.job().recurrence();
    if (recurrence == null || !needsClock(item)) {
      return item;
    }
    long first = recurrence.first(nowMs).orElse(Rule.MAX_MS);
    return item.with(item.job().withDue(new Due.ByRule(first)));
  }
}
