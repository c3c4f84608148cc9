package dev.dueline.system.k8s;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.ManagementPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A replica of a rendered release, run as a process, and the chart's own test against it. */
final class RenderedRelease implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(120);

  /** What a client is told where the replica stood still with its machine: nothing was done. */
  private static final String STOOD_STILL = "stood still until the call's time was over";

  private final Path scratch;
  private final List<JsonNode> objects;
  private final Map<String, Map<String, String>> secrets;
  private final int grpcPort = LoopbackPort.free();
  private final int managementPort = LoopbackPort.free();
  private final JsonNode container;
  private final Path log;
  private final Process process;

  /**
   * Renders the chart and starts its one container.
   *
   * @param secrets those that the values refer to, by name
   */
  RenderedRelease(Path scratch, String values, Map<String, Map<String, String>> secrets)
      throws IOException {
    this.scratch = scratch;
    this.secrets = secrets;
    this.objects = Chart.objects(Files.writeString(scratch.resolve("values.yaml"), values));
    JsonNode pod = Chart.only(objects, "Deployment", "").at("/spec/template/spec");
    container = pod.at("/containers/0");
    log = scratch.resolve("service.log");
    List<String> ports = new ArrayList<>();
    ports.add("quarkus.grpc.server.port=" + grpcPort);
    ports.add("quarkus.management.port=" + managementPort);
    process =
        new RenderedPod(Files.createDirectories(scratch.resolve("server")), objects, pod, secrets)
            .start(container, log, ports);
  }

  /** Waits until each of its probes passes, as the kubelet would ask. */
  void awaitProbes() {
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      String path = container.at("/" + probe + "/httpGet/path").asText();
      await(probe + " of " + path)
          .atMost(TIMEOUT)
          .failFast("it ended", () -> !process.isAlive())
          .until(() -> ManagementPage.get(probePort(probe), path).status() == 200);
    }
  }

  /** Where the container's port of that probe is on this machine. */
  private int probePort(String probe) {
    String name = container.at("/" + probe + "/httpGet/port").asText();
    for (JsonNode port : container.at("/ports")) {
      if (port.at("/name").asText().equals(name) && port.at("/containerPort").asInt() == 9090) {
        return managementPort;
      }
    }
    throw new IllegalStateException("no port " + name + " is 9090");
  }

  /** Runs the container of {@code helm test}; gives what it said. */
  String test() throws Exception {
    JsonNode pod = Chart.only(objects, "Pod", "-jobs-flow").at("/spec");
    RenderedPod test =
        new RenderedPod(Files.createDirectories(scratch.resolve("test")), objects, pod, secrets);
    return run(test, pod.at("/containers/0"));
  }

  private String run(RenderedPod pod, JsonNode client) throws Exception {
    Path said = scratch.resolve(client.at("/name").asText() + ".log");
    JsonNode here = readdressed(client);
    Process running = pod.start(here, said, List.of(), "--timeout", "40s");
    boolean isDone = running.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    running.destroyForcibly().onExit().join();
    String text = Files.readString(said);
    if (isDone && running.exitValue() != 0 && text.contains(STOOD_STILL)) {
      return run(pod, client);
    }
    if (!isDone || running.exitValue() != 0) {
      throw new IllegalStateException(client.at("/name").asText() + " failed: " + text);
    }
    return text;
  }

  private JsonNode readdressed(JsonNode client) throws IOException {
    String address = "\"dueline:9000\"";
    String text = client.toString();
    if (!text.contains(address)) {
      throw new IllegalStateException("the test does not call the Service: " + text);
    }
    return Chart.parse(text.replace(address, "\"localhost:" + grpcPort + "\"")).get(0);
  }

  /** What it has logged. */
  String log() throws IOException {
    return Files.readString(log);
  }

  /** Ends it as the kubelet does; gives its exit code. */
  int terminate() {
    process.destroy();
    return process.onExit().orTimeout(120, TimeUnit.SECONDS).join().exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
