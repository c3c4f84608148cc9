package dev.dueline.console.page;

import dev.dueline.console.http.Endpoint;
import dev.dueline.console.live.ReplicaFacts;
import dev.dueline.console.live.Sampler;
import dev.dueline.console.render.Pages;
import dev.dueline.console.view.QueueDetails.PurgeProgress;
import dev.dueline.console.view.SettingsView;
import dev.dueline.job.QueueName;
import dev.dueline.operation.job.Jobs;
import dev.dueline.operation.queue.QueueOperations;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** All pages by their paths. */
public record PageSet(Map<String, Endpoint> byPath, SchedulePage schedule) {

  /**
   * What pages ask.
   *
   * @param replica that serves them
   * @param purges how far the purge of a queue is that was begun here
   * @param settings those that are no secrets
   */
  public record Sources(
      QueueOperations queues,
      Jobs jobs,
      Sampler sampler,
      ReplicaFacts replica,
      Function<QueueName, Optional<PurgeProgress>> purges,
      Supplier<SettingsView> settings) {}

  /** All pages. */
  public static PageSet of(Pages pages, Sources sources) {
    QueuePage queue =
        new QueuePage(pages, sources.queues, sources.sampler, sources.replica, sources.purges);
    JobDetailsPage job = new JobDetailsPage(pages, sources.jobs);
    SchedulePage schedule = new SchedulePage(pages);
    return new PageSet(
        Map.ofEntries(
            Map.entry("/", new OverviewPage(pages, sources.sampler, sources.replica)),
            Map.entry("/queue", queue),
            Map.entry("/history", queue::history),
            Map.entry("/jobs", new JobsPage(pages, sources.jobs)),
            Map.entry("/job", job),
            Map.entry("/job/payload", job::payload),
            Map.entry("/dead", new DeadPage(pages, sources.jobs, sources.queues.queues())),
            Map.entry("/schedule", schedule),
            Map.entry("/settings", new SettingsPage(pages, sources.settings))),
        schedule);
  }
}
