package dev.dueline.ops;

import com.google.gson.JsonObject;
import dev.dueline.ops.console.ConsoleServer;
import dev.dueline.ops.dev.DevMode;
import dev.dueline.ops.dev.Lifeline;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Tells whoever started the service in dev mode that it takes calls, in one line of JSON, which is
 * all that goes to standard output; from then on the service ends with them.
 */
@Singleton
final class DevReadiness {
  private static final Logger LOG = Logger.getLogger("dev.dueline");

  private final EmbeddedRedisHosts redis;
  private final ConsoleServer console;

  DevReadiness(@Identifier("embedded") EmbeddedRedisHosts redis, ConsoleServer console) {
    this.redis = redis;
    this.console = console;
  }

  /** Last of all, when the others have started, or refused to. */
  void started(
      @Observes @Priority(Integer.MAX_VALUE) StartupEvent event,
      @ConfigProperty(name = "quarkus.grpc.server.host") String host,
      @ConfigProperty(name = "quarkus.grpc.server.port") int port)
      throws IOException {
    DevMode mode = DevMode.current().orElse(null);
    if (mode == null) {
      return;
    }
    JsonObject line = new JsonObject();
    line.addProperty("address", (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
    console.url().ifPresent(url -> line.addProperty("console", url));
    line.addProperty("pid", ProcessHandle.current().pid());
    line.addProperty("dataDir", redis.dataDir().orElseThrow().toString());
    line.addProperty("testClock", mode.testClock());
    line.addProperty("autoAdvance", mode.autoAdvance());
    // Before anybody hears of it: a parent that dies at the line would not be known as one.
    Lifeline.watch(
        what -> {
          LOG.infof("Ending: %s", what);
          Quarkus.asyncExit();
        });
    print(line + "\n");
  }

  /** Past System.out, which has another encoding than JSON where the locale says so. */
  private static void print(String line) throws IOException {
    // Not to be closed, or else the descriptor would be taken by the next file.
    new FileOutputStream(FileDescriptor.out).write(line.getBytes(StandardCharsets.UTF_8));
  }
}
