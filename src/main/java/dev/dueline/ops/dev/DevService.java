package dev.dueline.ops.dev;

import dev.dueline.cli.dev.DevOptions;
import io.quarkus.runtime.Quarkus;

/** The service in dev mode, in this process. */
public final class DevService {
  private DevService() {}

  /** Runs it until it is told to stop, or whoever started it is gone; ends the JVM. */
  public static void run(DevOptions options) {
    new DevMode(options.testClock(), options.autoAdvance(), options.dataDir()).enter();
    // As if typed: before the environment, which may be that of a service.
    options.port().ifPresent(port -> set("quarkus.grpc.server.port", Integer.toString(port)));
    set("quarkus.log.console.stderr", "true");
    set("dueline.drain.timeout", "0s");
    // Beside tests that keep all cores busy: no call fails because its own Redis waited for one.
    set("dueline.store.timeout", "30s");
    Quarkus.run();
  }

  private static void set(String key, String value) {
    System.setProperty(key, value);
  }
}
