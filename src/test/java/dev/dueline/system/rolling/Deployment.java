package dev.dueline.system.rolling;

import static org.awaitility.Awaitility.await;

import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.Readiness;
import dev.dueline.system.process.ServiceProcess;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Replicas that are replaced one after the other, as Kubernetes does: the next one serves before
 * one goes, and has an address that none had before.
 */
final class Deployment implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(120);

  private final List<String> settings;
  private final int port = LoopbackPort.free();
  private final AtomicInteger addressesUsed = new AtomicInteger();
  private final List<InetAddress> addresses = new CopyOnWriteArrayList<>();
  private final List<ServiceProcess> replicas = new ArrayList<>();
  private final List<String> logs = new ArrayList<>();
  private final List<Integer> exits = new ArrayList<>();

  Deployment(int count, String... settings) {
    // What becomes of a call where Redis stands still with its machine is not what is tested.
    List<String> ofTests = List.of("-Xmx256m", "dueline.store.timeout=20s");
    this.settings = Stream.concat(Stream.of(settings), ofTests.stream()).toList();
    IntStream.range(0, count).forEach(i -> addresses.add(nextAddress()));
    addresses.stream()
        .map(address -> CompletableFuture.supplyAsync(() -> start(address)))
        .toList()
        .forEach(starting -> replicas.add(starting.join()));
  }

  /** Where their gRPC servers listen now, each at the port. */
  List<InetAddress> addresses() {
    return addresses;
  }

  int port() {
    return port;
  }

  /** Replaces each in turn. */
  void roll() {
    for (int i = 0; i < replicas.size(); i++) {
      InetAddress next = nextAddress();
      ServiceProcess coming = start(next);
      ServiceProcess leaving = replicas.set(i, coming);
      addresses.add(next);
      addresses.remove(0);
      exits.add(leaving.terminate());
      logs.add(leaving.log());
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

  private InetAddress nextAddress() {
    int number = addressesUsed.incrementAndGet();
    byte[] address = {127, 1, (byte) (number >> Byte.SIZE), (byte) number};
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private ServiceProcess start(InetAddress address) {
    List<String> all = new ArrayList<>(settings);
    // The later of two that set the same key holds.
    all.add("quarkus.grpc.server.port=" + port);
    all.add("quarkus.grpc.server.host=" + address.getHostAddress());
    ServiceProcess replica = ServiceProcess.start(all.toArray(String[]::new));
    await("a replica that is ready").atMost(TIMEOUT).until(() -> Readiness.of(replica).isUp());
    return replica;
  }

  @Override
  public void close() {
    replicas.forEach(ServiceProcess::kill);
  }
}
