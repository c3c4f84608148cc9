package dev.dueline.console.page;

import dev.dueline.console.http.Answer;
import dev.dueline.console.http.Endpoint;
import dev.dueline.console.http.Request;
import dev.dueline.console.input.Targets;
import dev.dueline.console.render.Pages;
import dev.dueline.console.render.Pages.Subject;
import dev.dueline.console.view.DeadView;
import dev.dueline.console.view.DeadView.Group;
import dev.dueline.console.view.JobRow;
import dev.dueline.console.view.Rights;
import dev.dueline.job.JobState;
import dev.dueline.job.QueueName;
import dev.dueline.operation.job.Jobs;
import dev.dueline.operation.queue.QueueView;
import dev.dueline.operation.queue.Queues;
import dev.dueline.store.call.JobPage;
import dev.dueline.store.queue.ShardStats;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.tuples.Tuple2;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The dead jobs of a queue, those that died alike together. */
final class DeadPage implements Endpoint {
  private final Pages pages;
  private final Jobs jobs;
  private final Queues queues;

  DeadPage(Pages pages, Jobs jobs, Queues queues) {
    this.pages = pages;
    this.jobs = jobs;
    this.queues = queues;
  }

  @Override
  public Uni<Answer> answer(Request request) {
    if (request.query().get("queue").isEmpty()) {
      DeadView none = new DeadView("", new Rights(false, false, false), 0, List.of(), null);
      return show(request, "", Uni.createFrom().item(none));
    }
    QueueName queue = Targets.seen(request);
    Uni<Tuple2<QueueView, JobPage>> found =
        Uni.combine()
            .all()
            .unis(
                queues.find(queue),
                jobs.list(
                    request.caller().principal().name(),
                    queue,
                    JobLists.query(request.query(), JobState.DEAD)))
            .asTuple();
    return show(
        request,
        queue.value(),
        pages
            .onWorker(found)
            .map(
                both ->
                    view(
                        request,
                        queue.value(),
                        both.getItem1().sum(ShardStats::dead),
                        both.getItem2())));
  }

  private Uni<Answer> show(Request request, String queue, Uni<DeadView> view) {
    return pages.show(request, new Subject("dead", "Dead jobs", "dead", queue), view);
  }

  private static DeadView view(Request request, String queue, long total, JobPage page) {
    Map<String, List<JobRow>> byFailure =
        page.jobs().stream()
            .map(job -> Rows.of(queue, job, request.nowMs()))
            .collect(
                Collectors.groupingBy(
                    JobRow::lastFailure, LinkedHashMap::new, Collectors.toList()));
    List<Group> groups =
        byFailure.entrySet().stream()
            .map(each -> new Group(each.getKey(), each.getValue()))
            .sorted(Comparator.comparingInt((Group group) -> group.jobs().size()).reversed())
            .toList();
    return new DeadView(
        queue,
        Targets.rights(request.caller(), queue),
        total,
        groups,
        JobLists.next("/dead", request.query(), page, "queue", queue));
  }
}
