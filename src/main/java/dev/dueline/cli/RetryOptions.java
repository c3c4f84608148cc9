package dev.dueline.cli;

import dev.dueline.cli.text.TimeText;
import dev.dueline.v1.RetryPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * When and how often a failed delivery is tried again; what is not given is the service's choice.
 */
final class RetryOptions {
  @Option(names = "--max-attempts", paramLabel = "N", description = "Deliveries in all.")
  private @Nullable Integer maxAttempts;

  @Option(
      names = "--initial-backoff",
      paramLabel = "DURATION",
      description = "Wait before the first retry.")
  private @Nullable Duration initialBackoff;

  @Option(names = "--max-backoff", paramLabel = "DURATION", description = "Longest wait.")
  private @Nullable Duration maxBackoff;

  @Option(names = "--multiplier", paramLabel = "FACTOR", description = "From wait to wait.")
  private @Nullable Double multiplier;

  @Option(
      names = "--jitter",
      paramLabel = "FRACTION",
      description = "Spreads each wait by so much of itself, 0 to 1.")
  private @Nullable Double jitter;

  /** The policy; the default message where no option was given. */
  RetryPolicy toProto() {
    RetryPolicy.Builder policy = RetryPolicy.newBuilder();
    if (maxAttempts != null) {
      policy.setMaxAttempts(maxAttempts);
    }
    if (initialBackoff != null) {
      policy.setInitialBackoff(TimeText.toProto(initialBackoff));
    }
    if (maxBackoff != null) {
      policy.setMaxBackoff(TimeText.toProto(maxBackoff));
    }
    if (multiplier != null) {
      policy.setMultiplier(multiplier);
    }
    if (jitter != null) {
      policy.setJitter(jitter);
    }
    return policy.build();
  }
}
