package dev.dueline.console.action;

import dev.dueline.console.http.Endpoint;
import dev.dueline.console.page.SchedulePage;
import dev.dueline.operation.job.JobOperations;
import dev.dueline.operation.queue.QueueOperations;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** All actions by their paths. */
public final class Actions {
  /** How long a page waits for its action: less than a page has in all. */
  private static final Duration WAIT = Duration.ofSeconds(10);

  private Actions() {}

  /**
   * How large a job may be that is scheduled by its form.
   *
   * @param maxAttributesBytes names and values together
   */
  public record JobBounds(
      int maxPayloadBytes, int maxAttributes, int maxAttributesBytes, long maxDelayMs) {}

  /**
   * All actions.
   *
   * @param page comes again where a form is wrong
   */
  public static Map<String, Endpoint> of(
      JobOperations jobs,
      QueueOperations queues,
      Purges purges,
      SchedulePage page,
      JobBounds bounds) {
    JobActions job = new JobActions(jobs, bounds);
    QueueActions queue = new QueueActions(queues, purges, bounds);
    ScheduleAction schedule = new ScheduleAction(jobs.schedule(), page, bounds);
    Map<String, Endpoint> actions =
        Map.ofEntries(
            Map.entry("/job/cancel", job::cancel),
            Map.entry("/job/run", job::run),
            Map.entry("/job/reschedule", job::reschedule),
            Map.entry("/jobs/cancel", job::cancelChosen),
            Map.entry("/jobs/run", job::runChosen),
            Map.entry("/dead/redrive", queue::redrive),
            Map.entry("/queue/pause", queue::pause),
            Map.entry("/queue/resume", queue::resume),
            Map.entry("/queue/limits", queue::limit),
            Map.entry("/queue/purge", queue::purge),
            Map.entry("/queue/delete", queue::delete),
            Map.entry("/schedule", schedule::schedule));
    ActionRuns runs = new ActionRuns(WAIT);
    return actions.entrySet().stream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, each -> runs.of(each.getValue())));
  }
}
