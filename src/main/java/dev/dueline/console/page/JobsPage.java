package dev.dueline.console.page;

import dev.dueline.console.http.Answer;
import dev.dueline.console.http.Endpoint;
import dev.dueline.console.http.Request;
import dev.dueline.console.input.Targets;
import dev.dueline.console.render.Pages;
import dev.dueline.console.render.Pages.Subject;
import dev.dueline.console.text.Urls;
import dev.dueline.console.view.JobsView;
import dev.dueline.console.view.QueueDetails.Link;
import dev.dueline.console.view.Rights;
import dev.dueline.job.JobId;
import dev.dueline.job.JobState;
import dev.dueline.job.QueueName;
import dev.dueline.operation.job.Jobs;
import dev.dueline.store.call.JobPage;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.stream.Stream;

/** The jobs of a queue in one state, by time; an id that is looked for leads to its job. */
final class JobsPage implements Endpoint {
  private final Pages pages;
  private final Jobs jobs;

  JobsPage(Pages pages, Jobs jobs) {
    this.pages = pages;
    this.jobs = jobs;
  }

  @Override
  public Uni<Answer> answer(Request request) {
    if (request.query().get("queue").isEmpty()) {
      JobsView none =
          new JobsView(
              "",
              new Rights(false, false, false),
              "pending",
              "",
              "",
              List.of(),
              List.of(),
              "",
              null);
      return show(request, "", Uni.createFrom().item(none));
    }
    QueueName queue = Targets.seen(request);
    String id = request.query().raw("id");
    return JobId.isValid(id)
        ? jobs.find(queue, new JobId(id))
            .chain(
                found ->
                    found.isPresent()
                        ? Uni.createFrom()
                            .item(
                                Answer.seeOther(Urls.of("/job", "queue", queue.value(), "id", id)))
                        : list(request, queue, id))
        : list(request, queue, id);
  }

  private Uni<Answer> list(Request request, QueueName queue, String missingId) {
    JobState state = JobLists.state(request.query());
    return show(
        request,
        queue.value(),
        pages
            .onWorker(
                jobs.list(
                    request.caller().principal().name(),
                    queue,
                    JobLists.query(request.query(), state)))
            .map(page -> view(request, queue.value(), state, missingId, page)));
  }

  private Uni<Answer> show(Request request, String queue, Uni<JobsView> view) {
    return pages.show(request, new Subject("jobs", "Jobs", "jobs", queue), view);
  }

  private static JobsView view(
      Request request, String queue, JobState state, String missingId, JobPage page) {
    String word = Rows.word(state);
    return new JobsView(
        queue,
        Targets.rights(request.caller(), queue),
        word,
        request.query().get("from"),
        request.query().get("to"),
        Stream.of(JobState.values())
            .map(
                each ->
                    new Link(
                        Rows.word(each),
                        Urls.of("/jobs", "queue", queue, "state", Rows.word(each)),
                        each == state))
            .toList(),
        page.jobs().stream().map(job -> Rows.of(queue, job, request.nowMs())).toList(),
        missingId,
        JobLists.next("/jobs", request.query(), page, "queue", queue, "state", word));
  }
}
