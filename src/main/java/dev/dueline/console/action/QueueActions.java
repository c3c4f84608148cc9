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
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.QueueLimits;
import dev.dueline.job.QueueLimits.Change;
import dev.dueline.job.QueueName;
import dev.dueline.operation.queue.QueueOperations;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** Holds, limits, redrives, purges and deletes queues. */
final class QueueActions {
  private final QueueOperations operations;
  private final Purges purges;
  private final JobBounds bounds;

  QueueActions(QueueOperations operations, Purges purges, JobBounds bounds) {
    this.operations = operations;
    this.purges = purges;
    this.bounds = bounds;
  }

  Uni<Answer> pause(Request request) {
    return pause(request, true, Notice.PAUSED, "held back deliveries");
  }

  Uni<Answer> resume(Request request) {
    return pause(request, false, Notice.RESUMED, "let deliveries go on");
  }

  Uni<Answer> limit(Request request) {
    QueueName queue = Targets.acted(request, Permission.OPERATE);
    QueueLimits limits =
        new QueueLimits(
            rate(request),
            (int)
                Inputs.number("outstanding", request.form().get("outstanding"), Integer.MAX_VALUE),
            Inputs.number("pending", request.form().get("pending"), Long.MAX_VALUE));
    return operations
        .control()
        .limit(queue, Change.to(limits))
        .map(
            done -> {
              ActionLog.write(
                  request.caller(),
                  queue,
                  "set limits (%s a second, %d leases, %d pending)"
                      .formatted(
                          limits.dispatchesPerSecond(),
                          limits.maxOutstanding(),
                          limits.maxPending()));
              return Answer.seeOther(Notice.LIMITED.on(page(queue), 0));
            });
  }

  private static double rate(Request request) {
    double rate = Inputs.decimal("rate", request.form().get("rate"));
    if (!QueueLimits.isRate(rate)) {
      throw Inputs.refused("rate", QueueLimits.RATES);
    }
    return rate;
  }

  Uni<Answer> redrive(Request request) {
    QueueName queue = Targets.acted(request, Permission.OPERATE);
    boolean isAll = request.form().has("all");
    List<JobId> ids = isAll ? List.of() : Targets.jobs(request.form(), JobActions.MOST);
    String spread = request.form().get("spread");
    return operations
        .redrive()
        .jobs(
            queue, ids, spread.isEmpty() ? 0 : Inputs.spanMs("spread", spread, bounds.maxDelayMs()))
        .map(
            count -> {
              ActionLog.write(request.caller(), queue, "redrove " + count + " dead jobs");
              return Answer.seeOther(
                  Notice.REDRIVEN.on(Urls.of("/dead", "queue", queue.value()), count));
            });
  }

  Uni<Answer> purge(Request request) {
    QueueName queue = confirmed(request);
    JobState state =
        switch (request.form().get("state")) {
          case "pending" -> JobState.PENDING;
          case "dead" -> JobState.DEAD;
          default -> throw Inputs.refused("state", "is neither pending nor dead");
        };
    return operations
        .queues()
        .find(queue)
        .map(
            found -> {
              purges.begin(request.caller(), queue, state);
              return Answer.seeOther(Notice.PURGING.on(page(queue), 0));
            });
  }

  Uni<Answer> delete(Request request) {
    QueueName queue = confirmed(request);
    return operations
        .removal()
        .queue(queue, request.form().has("force"))
        .map(
            jobs -> {
              ActionLog.write(request.caller(), queue, "deleted the queue and " + jobs + " jobs");
              return Answer.seeOther(Notice.DELETED.on("/", jobs));
            });
  }

  private Uni<Answer> pause(Request request, boolean isPaused, Notice notice, String what) {
    QueueName queue = Targets.acted(request, Permission.OPERATE);
    return operations
        .control()
        .pause(queue, isPaused)
        .map(
            done -> {
              ActionLog.write(request.caller(), queue, what);
              return Answer.seeOther(notice.on(page(queue), 0));
            });
  }

  /** The queue of an action that destroys: its name was typed once more. */
  private static QueueName confirmed(Request request) {
    QueueName queue = Targets.acted(request, Permission.OPERATE);
    if (!request.form().get("confirm").equals(queue.value())) {
      throw new RefusedException(
          422, "Nothing was done: the name that was typed is not " + queue + ".", "Type it again.");
    }
    return queue;
  }

  private static String page(QueueName queue) {
    return Urls.of("/queue", "queue", queue.value());
  }
}
