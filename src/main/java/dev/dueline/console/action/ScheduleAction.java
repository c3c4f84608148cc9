package dev.dueline.console.action;

import dev.dueline.access.Permission;
import dev.dueline.console.action.Actions.JobBounds;
import dev.dueline.console.http.Answer;
import dev.dueline.console.http.Request;
import dev.dueline.console.input.Targets;
import dev.dueline.console.page.SchedulePage;
import dev.dueline.console.text.Notice;
import dev.dueline.console.text.Urls;
import dev.dueline.console.view.ScheduleView.FieldError;
import dev.dueline.job.ConflictPolicy;
import dev.dueline.job.NewJob;
import dev.dueline.job.QueueName;
import dev.dueline.operation.job.Schedule;
import dev.dueline.store.call.ScheduleItem;
import dev.dueline.store.call.Scheduled;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** Schedules a job by its form, which comes again where something is wrong with it. */
final class ScheduleAction {
  private final Schedule schedule;
  private final SchedulePage page;
  private final JobBounds bounds;

  ScheduleAction(Schedule schedule, SchedulePage page, JobBounds bounds) {
    this.schedule = schedule;
    this.page = page;
    this.bounds = bounds;
  }

  Uni<Answer> schedule(Request request) {
    QueueName queue = Targets.acted(request, Permission.SCHEDULE);
    ScheduleForm form = new ScheduleForm(request.form(), bounds);
    NewJob job = form.job();
    return job == null
        ? page.again(request, form.errors())
        : schedule
            .one(new Schedule.Item(queue, new ScheduleItem(job, ConflictPolicy.REJECT)))
            .chain(scheduled -> answer(request, queue, job, scheduled));
  }

  private Uni<Answer> answer(Request request, QueueName queue, NewJob job, Scheduled scheduled) {
    String href = Urls.of("/job", "queue", queue.value(), "id", job.id().value());
    return switch (scheduled.outcome()) {
      case CREATED -> {
        ActionLog.write(request.caller(), queue, "scheduled the job '" + job.id() + "'");
        yield Uni.createFrom().item(Answer.seeOther(Notice.SCHEDULED.on(href, 0)));
      }
      case UNCHANGED -> {
        ActionLog.write(request.caller(), queue, "found the job '" + job.id() + "' scheduled");
        yield Uni.createFrom().item(Answer.seeOther(Notice.UNCHANGED.on(href, 0)));
      }
      case QUEUE_FULL -> again(request, "queue", "has as many pending jobs as it may");
      case AFTER_END -> again(request, "due", "is after the end of the series");
      default -> again(request, "id", "is that of another job");
    };
  }

  private Uni<Answer> again(Request request, String field, String text) {
    return page.again(request, List.of(new FieldError(field, text)));
  }
}
