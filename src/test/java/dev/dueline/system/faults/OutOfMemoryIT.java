package dev.dueline.system.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.tools.attach.AgentLoadException;
import dev.dueline.system.faults.agent.AgentJar;
import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.RedisServer;
import dev.dueline.system.process.ServiceProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A service whose memory runs out in a thread that catches the error, as frameworks do, ends by
 * itself. It is started by {@code java -jar}, without the options that would see to that.
 */
@Tag("jvm")
class OutOfMemoryIT {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"heap-held", "heap-released", "array", "buffers", "uncaught", "logged"})
  void endsTheProcess(String fault) throws Exception {
    RedisServer redis = RedisServer.start(directory, LoopbackPort.free(), List.of("save \"\""));
    ServiceProcess service =
        ServiceProcess.start("-Xmx96m", "quarkus.redis.hosts=redis://127.0.0.1:" + redis.port());
    try {
      begin(service, fault);
      assertThat(service.awaitEnd()).as(service::log).isEqualTo(3);
      assertThat(service.log().lines().filter(line -> line.startsWith("Out of memory: ")))
          .as(service::log)
          .hasSize(1)
          .allMatch(line -> line.contains("larger -Xmx"));
    } finally {
      service.kill();
      redis.close();
    }
  }

  /** A fault may end the process before it has answered; the end itself is what is looked for. */
  private void begin(ServiceProcess service, String fault) throws Exception {
    try {
      AgentJar.in(directory).begin(service, fault);
    } catch (IOException | AgentLoadException e) {
      System.out.printf("%s: no answer to its beginning: %s%n", fault, e);
    }
  }
}
