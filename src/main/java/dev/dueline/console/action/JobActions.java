package dev.dueline.console.action;

import dev.dueline.access.Permission;
import dev.dueline.console.action.Actions.JobBounds;
import dev.dueline.console.http.Answer;
import dev.dueline.console.http.RefusedException;
import dev.dueline.console.http.Request;
import dev.dueline.console.input.Inputs;
import dev.dueline.console.input.Targets;
import dev.dueline.console.text.Notice;
import dev.dueline.console.text.Urls;
import dev.dueline.job.Due;
import dev.dueline.job.JobId;
import dev.dueline.job.QueueName;
import dev.dueline.operation.job.Cancel;
import dev.dueline.operation.job.JobOperations;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.call.CancelItem;
import dev.dueline.store.call.Canceled;
import dev.dueline.store.call.Rescheduled;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** Cancels and moves jobs: one, or up to {@link #MOST} that were chosen. */
final class JobActions {
  /** Most jobs of one action. */
  static final int MOST = 1_000;

  private static final int CONFLICT = 409;

  private final JobOperations operations;
  private final JobBounds bounds;

  JobActions(JobOperations operations, JobBounds bounds) {
    this.operations = operations;
    this.bounds = bounds;
  }

  Uni<Answer> cancel(Request request) {
    QueueName queue = Targets.acted(request, Permission.SCHEDULE);
    JobId id = Targets.job(request.form());
    return cancel(request, queue, List.of(id))
        .map(
            outcomes ->
                switch (outcomes.get(0)) {
                  case CANCELED -> Answer.seeOther(Notice.CANCELED.on(jobs(queue), 1));
                  case LEASED -> throw leased(id);
                  case NOT_FOUND -> throw gone(id);
                });
  }

  Uni<Answer> cancelChosen(Request request) {
    QueueName queue = Targets.acted(request, Permission.SCHEDULE);
    return cancel(request, queue, Targets.jobs(request.form(), MOST))
        .map(outcomes -> outcomes.stream().filter(Canceled.Outcome.CANCELED::equals).count())
        .map(count -> Answer.seeOther(Notice.CANCELED.on(jobs(queue), count)));
  }

  Uni<Answer> run(Request request) {
    return move(request, new Due.After(0), "made due now");
  }

  Uni<Answer> reschedule(Request request) {
    String delay = request.form().get("delay");
    String due = request.form().get("due");
    if (delay.isEmpty() == due.isEmpty()) {
      throw Inputs.refused("due", "is needed, or a delay, and not both");
    }
    return move(
        request,
        delay.isEmpty()
            ? new Due.At(Inputs.timeMs("due", due))
            : new Due.After(Inputs.spanMs("delay", delay, bounds.maxDelayMs())),
        "moved");
  }

  Uni<Answer> runChosen(Request request) {
    QueueName queue = Targets.acted(request, Permission.SCHEDULE);
    List<JobId> ids = Targets.jobs(request.form(), MOST);
    return ShardCalls.eachToItsEnd(
            ids, id -> operations.schedule().move(queue, id, new Due.After(0)))
        .map(
            moved ->
                moved.stream().filter(each -> each.outcome() == Rescheduled.Outcome.MOVED).count())
        .invoke(
            count -> ActionLog.write(request.caller(), queue, "made " + count + " jobs due now"))
        .map(count -> Answer.seeOther(Notice.MOVED.on(jobs(queue), count)));
  }

  private Uni<List<Canceled.Outcome>> cancel(Request request, QueueName queue, List<JobId> ids) {
    boolean isLeasedToo = request.form().has("leased");
    return operations
        .cancel()
        .each(
            ids.stream()
                .map(id -> new Cancel.Item(queue, new CancelItem(id, isLeasedToo)))
                .toList())
        .invoke(
            outcomes -> {
              long count = outcomes.stream().filter(Canceled.Outcome.CANCELED::equals).count();
              // One that was not canceled is refused.
              if (count > 0 || ids.size() > 1) {
                ActionLog.write(request.caller(), queue, "canceled " + jobs(ids, count));
              }
            });
  }

  private Uni<Answer> move(Request request, Due due, String what) {
    QueueName queue = Targets.acted(request, Permission.SCHEDULE);
    JobId id = Targets.job(request.form());
    return operations
        .schedule()
        .move(queue, id, due)
        .map(
            moved ->
                switch (moved.outcome()) {
                  case MOVED -> {
                    ActionLog.write(request.caller(), queue, what + " the job '" + id + "'");
                    yield Answer.seeOther(
                        Notice.MOVED.on(
                            Urls.of("/job", "queue", queue.value(), "id", id.value()), 1));
                  }
                  case LEASED -> throw leased(id);
                  case NOT_FOUND -> throw gone(id);
                  case AFTER_END ->
                      throw new RefusedException(
                          CONFLICT, "The series of " + id + " ends before that time.", "");
                  case QUEUE_FULL ->
                      throw new RefusedException(
                          CONFLICT,
                          "The queue has as many pending jobs as it may.",
                          "Raise the limit, or wait.");
                });
  }

  private static String jobs(QueueName queue) {
    return Urls.of("/jobs", "queue", queue.value());
  }

  private static String jobs(List<JobId> ids, long count) {
    return ids.size() == 1 ? "the job '" + ids.get(0) + "'" : count + " jobs";
  }

  private static RefusedException leased(JobId id) {
    return new RefusedException(
        CONFLICT,
        "A watcher holds the job " + id + ".",
        "Wait until it is done, or cancel it with what the watcher holds.");
  }

  private static RefusedException gone(JobId id) {
    return new RefusedException(
        404, "There is no job " + id + ".", "It may be done: such jobs are gone.");
  }
}
