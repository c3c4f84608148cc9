package dev.dueline.cli.dev;

/** Starts the service, of which the command line knows nothing. */
@FunctionalInterface
public interface DevStart {
  /** Runs the service in this process until its end. */
  void run(DevOptions options);
}
