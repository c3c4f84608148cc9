package dev.dueline.cli.bench.run;

import dev.dueline.cli.bench.option.JobOptions;
import dev.dueline.cli.bench.option.WatchOptions;
import picocli.CommandLine.Mixin;

/** Jobs that are scheduled ahead of their due times, and then watched. */
public final class BacklogOptions {
  @Mixin private final JobOptions job = new JobOptions();
  @Mixin private final LoadOptions load = new LoadOptions();
  @Mixin private final WatchOptions watching = new WatchOptions();

  public JobOptions job() {
    return job;
  }

  public int maxOutstanding() {
    return watching.maxOutstanding();
  }

  /** A backlog whose loading has been timed, with no more jobs than there will be. */
  public Backlog probe(Bench bench, long mostJobs) throws InterruptedException {
    Backlog backlog = new Backlog(bench, load, job, watching.lead());
    backlog.probe(mostJobs);
    return backlog;
  }
}
