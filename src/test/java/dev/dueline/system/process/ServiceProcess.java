package dev.dueline.system.process;

import dev.dueline.v1.QueueServiceGrpc;
import dev.dueline.v1.SchedulerServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A replica of the packaged service, in a process of its own. */
public final class ServiceProcess implements AutoCloseable {
  /** A setting for tests that measure: a JVM that compiles all that is worth it, as users have. */
  public static final String ALL_COMPILERS = "-XX:TieredStopAtLevel=4";

  private final Process process;
  private final int port;
  private final int managementPort;
  private final Path log;
  private final ManagedChannel channel;

  private ServiceProcess(Process process, int port, int managementPort, Path log) {
    this.process = process;
    this.port = port;
    this.managementPort = managementPort;
    this.log = log;
    this.channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port)
            .usePlaintext()
            .maxInboundMessageSize(16 << 20)
            .build();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  /**
   * Starts a replica on a free port, and waits until it takes calls.
   *
   * @param settings configuration, as {@code key=value}
   */
  public static ServiceProcess start(String... settings) {
    return start(Build.current(), settings);
  }

  /** Whether replicas of this build run on a JVM, and not as native binaries. */
  public static boolean isOnJvm() {
    return Build.current().isJar();
  }

  /** Starts a replica of that build, as {@link #start(String...)} does of this one. */
  public static ServiceProcess start(Path jar, String... settings) {
    return start(new Build(jar), settings);
  }

  private static ServiceProcess start(Build build, String... settings) {
    ServiceProcess service = launch(build, settings);
    if (!service.process.isAlive()) {
      throw new IllegalStateException("the service did not start: " + service.log());
    }
    return service;
  }

  /** Starts a replica that must not come up; gives its exit code and what it logged. */
  public static Refusal refused(String... settings) {
    ServiceProcess service = launch(Build.current(), settings);
    if (service.process.isAlive()) {
      service.kill();
      throw new IllegalStateException("the service started: " + service.log());
    }
    service.channel.shutdownNow();
    return new Refusal(service.process.exitValue(), service.log());
  }

  /**
   * How a replica ended that would not start.
   *
   * @param code the exit code of its process
   * @param log all that it said
   */
  public record Refusal(int code, String log) {}

  private static ServiceProcess launch(Build build, String... settings) {
    int port = LoopbackPort.free();
    int managementPort = LoopbackPort.free();
    List<String> all = new ArrayList<>();
    all.add("quarkus.grpc.server.port=" + port);
    all.add("quarkus.management.port=" + managementPort);
    // Only where it is asked for: all would want its port.
    all.add("dueline.console.enabled=false");
    // Or a machine that stands still for a moment has a stack trace in the log.
    all.add("quarkus.vertx.warning-exception-time=1h");
    all.addAll(List.of(settings));
    try {
      Path log =
          Files.createTempFile(Files.createDirectories(Path.of("target")), "service", ".log");
      Process process =
          new ProcessBuilder(build.command(all))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      ServiceProcess service = new ServiceProcess(process, port, managementPort, log);
      Awaitility.await("the service to start; see " + log)
          .atMost(Duration.ofSeconds(180))
          .until(() -> service.log().contains("Installed features") || !process.isAlive());
      return service;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The port of its gRPC server. */
  public int port() {
    return port;
  }

  /** The port of health and metrics. */
  public int managementPort() {
    return managementPort;
  }

  public long pid() {
    return process.pid();
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** CPU time that it has used. */
  public double cpuSeconds() {
    return process.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
  }

  /** A channel that all callers share. */
  public ManagedChannel channel() {
    return channel;
  }

  /**
   * Calls that wait for their answers, for at most half a minute. One that is refused since this
   * process stood still, with the machine or for want of a processor, is made again.
   */
  public SchedulerServiceGrpc.SchedulerServiceBlockingStub calls() {
    return SchedulerServiceGrpc.newBlockingStub(channel)
        .withInterceptors(new RepeatedCalls())
        .withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  /** The same about queues, for at most two minutes: a purge takes its time. */
  public QueueServiceGrpc.QueueServiceBlockingStub queueCalls() {
    return QueueServiceGrpc.newBlockingStub(channel)
        .withInterceptors(new RepeatedCalls())
        .withDeadlineAfter(2, TimeUnit.MINUTES);
  }

  /** What it has logged. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How much it has logged. */
  public long logBytes() {
    try {
      return Files.size(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGSTOP: it stands still, and its connections stay. */
  public void stop() {
    Signals.send(pid(), "STOP");
  }

  /** SIGCONT: it goes on. */
  public void resume() {
    Signals.send(pid(), "CONT");
  }

  /** As {@code kill -9} does. */
  public void kill() {
    process.destroyForcibly().onExit().join();
    channel.shutdownNow();
  }

  /** As {@code kill} does; gives its exit code once it has gone, for which it has 3 min. */
  public int terminate() {
    process.destroy();
    int code = process.onExit().orTimeout(180, TimeUnit.SECONDS).join().exitValue();
    channel.shutdownNow();
    return code;
  }

  /** Its exit code, once it has gone by itself, for which it has 3 min. */
  public int awaitEnd() {
    int code = process.onExit().orTimeout(180, TimeUnit.SECONDS).join().exitValue();
    channel.shutdownNow();
    return code;
  }

  @Override
  public void close() {
    terminate();
  }
}
