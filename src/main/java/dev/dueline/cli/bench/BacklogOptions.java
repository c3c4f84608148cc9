package dev.dueline.cli.bench;

import picocli.CommandLine.Mixin;

/** Jobs that are scheduled ahead of their due times, and then watched. */
final class BacklogOptions {
  @Mixin private final JobOptions job = new JobOptions();
  @Mixin private final LoadOptions load = new LoadOptions();
  @Mixin private final WatchOptions watching = new WatchOptions();

  JobOptions job() {
    return job;
  }

  int maxOutstanding() {
    return watching.maxOutstanding();
  }

  /** A backlog whose loading has been timed, with no more jobs than there will be. */
  Backlog probe(Bench bench, long mostJobs) throws InterruptedException {
    Backlog backlog = new Backlog(bench, load, job, watching.lead());
    backlog.probe(mostJobs);
    return backlog;
  }
}
