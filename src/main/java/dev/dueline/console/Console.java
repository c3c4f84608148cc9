package dev.dueline.console;

import dev.dueline.access.Authenticator;
import dev.dueline.console.action.Actions;
import dev.dueline.console.action.Actions.JobBounds;
import dev.dueline.console.action.Purges;
import dev.dueline.console.http.Assets;
import dev.dueline.console.http.Endpoints;
import dev.dueline.console.http.EventStreams;
import dev.dueline.console.http.Gateway;
import dev.dueline.console.http.Gateway.Rules;
import dev.dueline.console.live.ReplicaFacts;
import dev.dueline.console.live.Sampler;
import dev.dueline.console.page.PageSet;
import dev.dueline.console.render.Pages;
import dev.dueline.console.render.Templates;
import dev.dueline.console.view.SettingsView;
import dev.dueline.operation.job.JobOperations;
import dev.dueline.operation.queue.QueueOperations;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The console over the operations of a service. */
public final class Console {
  private final JobOperations jobs;
  private final QueueOperations queues;
  private final ReplicaFacts replica;
  private final InstantSource clock;
  private volatile @Nullable Sampler sampler;

  /** A console that nobody serves yet, and that has read nothing. */
  public Console(
      JobOperations jobs, QueueOperations queues, ReplicaFacts replica, InstantSource clock) {
    this.jobs = jobs;
    this.queues = queues;
    this.replica = replica;
    this.clock = clock;
  }

  /**
   * What a console is told of its service.
   *
   * @param bounds of the jobs that may be scheduled
   * @param settings those that are no secrets
   */
  public record Facts(JobBounds bounds, Supplier<SettingsView> settings) {}

  /**
   * Answers the requests of one event loop. Once for a console.
   *
   * @param worker where templates are rendered
   */
  public Handler<HttpServerRequest> handler(
      Authenticator authenticator, Rules rules, Facts facts, Executor worker) {
    Assets assets = new Assets();
    EventStreams events = new EventStreams();
    Purges purges = new Purges(queues.purge());
    Sampler looking = new Sampler(queues.queues(), replica, events, clock);
    sampler = looking;
    Pages pages = new Pages(new Templates(), assets.urls(), worker, clock);
    PageSet set =
        PageSet.of(
            pages,
            new PageSet.Sources(
                queues, jobs.jobs(), looking, replica, purges::find, facts.settings));
    return Gateway.of(
        authenticator,
        rules,
        assets,
        new Endpoints(
            set.byPath(), Actions.of(jobs, queues, purges, set.schedule(), facts.bounds), events),
        pages,
        clock);
  }

  /** Looks at queues no more. */
  public void close() {
    Sampler looking = sampler;
    if (looking != null) {
      looking.close();
    }
  }
}
