package dev.dueline.system.rolling;

import static org.awaitility.Awaitility.await;

import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.Readiness;
import dev.dueline.system.process.ServiceProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Replicas that are replaced one after the other, each at the address that it had. */
final class Deployment implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(120);

  private final List<String> settings;
  private final List<Integer> ports;
  private final List<ServiceProcess> replicas = new ArrayList<>();
  private final List<String> logs = new ArrayList<>();
  private final List<Integer> exits = new ArrayList<>();

  Deployment(int count, String... settings) {
    // Many compilers on few cores are what the test would measure.
    List<String> ofTests =
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            // Nor what becomes of a call where Redis stands still with its machine.
            "dueline.store.timeout=20s");
    this.settings = Stream.concat(Stream.of(settings), ofTests.stream()).toList();
    this.ports = IntStream.range(0, count).mapToObj(i -> LoopbackPort.free()).distinct().toList();
    ports.stream()
        .map(port -> CompletableFuture.supplyAsync(() -> start(port)))
        .toList()
        .forEach(starting -> replicas.add(starting.join()));
  }

  /** Of their gRPC servers. */
  List<Integer> ports() {
    return ports;
  }

  /** Replaces each in turn, the next once the one before is ready. */
  void roll() {
    for (int i = 0; i < replicas.size(); i++) {
      ServiceProcess leaving = replicas.get(i);
      exits.add(leaving.terminate());
      logs.add(leaving.log());
      replicas.set(i, start(ports.get(i)));
    }
  }

  /** With what those ended that were asked to go. */
  List<Integer> exits() {
    return exits;
  }

  /** Errors that any logged that ever ran. */
  List<String> errors() {
    return Stream.concat(logs.stream(), replicas.stream().map(ServiceProcess::log))
        .flatMap(String::lines)
        .filter(line -> line.matches("^\\S+ \\S+ +(ERROR|FATAL|SEVERE) .*"))
        // What Netty still has to say once its event loops are gone, which is after all calls.
        .filter(line -> !line.contains("[Error Occurred After Shutdown]"))
        .toList();
  }

  private ServiceProcess start(int port) {
    List<String> all = new ArrayList<>(settings);
    // The later of two that set the same key holds.
    all.add("quarkus.grpc.server.port=" + port);
    ServiceProcess replica = ServiceProcess.start(all.toArray(String[]::new));
    await("a replica that is ready").atMost(TIMEOUT).until(() -> Readiness.of(replica).isUp());
    return replica;
  }

  @Override
  public void close() {
    replicas.forEach(ServiceProcess::kill);
  }
}
