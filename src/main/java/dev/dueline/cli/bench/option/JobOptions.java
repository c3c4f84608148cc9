package dev.dueline.cli.bench.option;

import dev.dueline.cli.bench.load.JobIds;
import dev.dueline.cli.bench.load.Jobs;
import picocli.CommandLine.Option;

/** Which jobs a benchmark makes, and where. */
public final class JobOptions {
  private static final int MOST_PAYLOAD_BYTES = 64 << 20;

  @Option(
      names = "--queue",
      paramLabel = "QUEUE",
      description =
          "A queue that nobody else uses, as jobs in it are delivered and removed: bench- and"
              + " eight random characters.")
  private String queue = "bench-" + JobIds.randomText();

  @Option(
      names = "--payload",
      paramLabel = "BYTES",
      defaultValue = "100",
      description = "Bytes of payload of each job: ${DEFAULT-VALUE}.")
  private int payload;

  @Option(
      names = "--keep",
      description = "Leaves the jobs that were not delivered; else they are canceled.")
  private boolean keep;

  public String queue() {
    return queue;
  }

  public int payloadBytes() {
    return Limits.within("--payload", payload, 0, MOST_PAYLOAD_BYTES);
  }

  public boolean isKept() {
    return keep;
  }

  /** Jobs of a run of their own, in the queue. */
  public Jobs jobs() {
    return jobs(queue);
  }

  /** Jobs of a run of their own, in another queue. */
  public Jobs jobs(String otherQueue) {
    return new Jobs(otherQueue, payloadBytes());
  }
}
