package dev.dueline;

import dev.dueline.cli.Dueline;
import dev.dueline.ops.debug.ShardDebug;
import dev.dueline.ops.dev.DevService;
import dev.dueline.ops.memory.OutOfMemory;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.Arrays;

/**
 * The one way in: no argument or {@code serve} starts the service, {@code dev} one for development
 * and tests, any other is a command of the client, which needs nothing of Quarkus and so starts
 * without it.
 */
@QuarkusMain
public final class Main {
  private Main() {}

  /**
   * Runs the service until it is told to stop, or one client command; ends the JVM with its code.
   */
  public static void main(String... args) {
    OutOfMemory.watch();
    if (args.length == 0) {
      Quarkus.run();
    } else if (args[0].equals("serve")) {
      Quarkus.run(Arrays.copyOfRange(args, 1, args.length));
    } else {
      System.exit(Dueline.run(new Dueline.ServiceSide(DevService::run, ShardDebug::print), args));
    }
  }
}
