package dev.dueline.cli;

import com.google.protobuf.Timestamp;
import dev.dueline.cli.text.TimeText;
import dev.dueline.cli.text.UsageException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** When a job falls due: a delay or a time, not both. */
final class DueOptions {
  @Option(
      names = "--in",
      paramLabel = "DURATION",
      description = "Due so long after the service stores it; 0s is now.")
  private @Nullable Duration delay;

  @Option(names = "--at", paramLabel = "TIME", description = "Due at this time.")
  private @Nullable Instant dueTime;

  /**
   * Insists on one of them.
   *
   * @throws UsageException when there is none
   */
  void require() {
    if (delay == null && dueTime == null) {
      throw new UsageException("Missing --in or --at");
    }
  }

  /**
   * Hands over whichever was given.
   *
   * @throws UsageException when both were
   */
  void apply(Consumer<com.google.protobuf.Duration> toDelay, Consumer<Timestamp> toDueTime) {
    if (delay != null && dueTime != null) {
      throw new UsageException("--in and --at exclude each other");
    }
    if (delay != null) {
      toDelay.accept(TimeText.toProto(delay));
    }
    if (dueTime != null) {
      toDueTime.accept(TimeText.toProto(dueTime));
    }
  }
}
