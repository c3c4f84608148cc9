package dev.dueline.system.abuse;

import com.google.protobuf.ByteString;
import dev.dueline.system.abuse.attack.Target;
import dev.dueline.system.abuse.gauge.Footprint;
import dev.dueline.system.abuse.wire.WebTokens;
import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.RepeatedCalls;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.system.security.callers.TestCertificates;
import dev.dueline.system.security.callers.Tokens;
import dev.dueline.v1.BatchScheduleRequest;
import dev.dueline.v1.CancelRequest;
import dev.dueline.v1.ConflictPolicy;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.SchedulerServiceGrpc;
import dev.dueline.v1.SchedulerServiceGrpc.SchedulerServiceBlockingStub;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A service with a small heap and principals, that is started anew once an attack has hurt it. */
final class AbusedService implements AutoCloseable {
  /** Jobs of "abuse", so that lists of them are large: 3 MiB. */
  private static final int LISTED = 48;

  private static final int WARM_CALLS = 500;
  private static final int START_SECONDS = 60;
  private static final ByteString PAYLOAD = ByteString.copyFrom(new byte[64 << 10]);

  /** Of a principal that may do everything to "abuse". */
  private final String known = Tokens.random();

  /** Of one that may only operate "abuse". */
  private final String partial = Tokens.random();

  /** Of well clients. */
  private final String well = Tokens.random();

  private final int consolePort = LoopbackPort.free();

  /** How it is spoken to; null: in the clear. */
  private final @Nullable SslContext tls;

  private final List<String> settings = new ArrayList<>();
  private final List<ProcessHandle> children = new ArrayList<>();
  private ServiceProcess process;
  private long residentBytes;
  private boolean isHurt;

  /** Starts it, with other settings, too. */
  AbusedService(Path directory, String... more) {
    this(directory, null, more);
  }

  private AbusedService(Path directory, @Nullable SslContext tls, String... more) {
    this.tls = tls;
    settings.add("-Xmx256m");
    settings.add("dueline.metrics.interval=200ms");
    settings.add("dueline.embedded.data-dir=" + directory.resolve("data"));
    settings.add("dueline.console.enabled=true");
    settings.add("dueline.console.port=" + consolePort);
    // What a machine does that stands still for a moment is not the attacker's doing.
    settings.add("dueline.store.timeout=30s");
    settings.add("dueline.keda.enabled=true");
    settings.add("dueline.security.jwt.issuer=" + WebTokens.ISSUER);
    settings.add("dueline.security.jwt.audience=" + WebTokens.AUDIENCE);
    settings.add("dueline.security.jwt.keys=" + keys(directory));
    principal("attacker", known, "abuse", "schedule", "watch", "operate", "read");
    principal("operator", partial, "abuse", "operate");
    principal("well", well, "*", "schedule", "watch", "operate");
    settings.addAll(List.of(more));
    process = start();
  }

  /** Starts one that speaks TLS. */
  static AbusedService withTls(Path directory) throws Exception {
    TestCertificates certificates = new TestCertificates(directory);
    certificates.issue("server");
    SslContextBuilder client =
        SslContextBuilder.forClient().trustManager(certificates.authority().toFile());
    return new AbusedService(
        directory,
        GrpcSslContexts.configure(client, SslProvider.JDK).build(),
        "dueline.tls.certificate=" + certificates.certificate("server"),
        "dueline.tls.key=" + certificates.key("server"));
  }

  private static Path keys(Path directory) {
    try {
      return Files.writeString(directory.resolve("jwks.json"), WebTokens.keys());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A channel to it, for whoever makes it to close. */
  ManagedChannel channel() {
    return channel(process);
  }

  private ManagedChannel channel(ServiceProcess to) {
    NettyChannelBuilder builder = NettyChannelBuilder.forAddress("127.0.0.1", to.port());
    return (tls == null ? builder.usePlaintext() : builder.sslContext(tls)).build();
  }

  /** The process that runs now. */
  ServiceProcess process() {
    return process;
  }

  /** As attackers see it. */
  Target target() {
    return new Target(process.port(), consolePort, process.managementPort(), known, partial);
  }

  /** Memory of the process once it was warm, before any attack. */
  long residentBytes() {
    return residentBytes;
  }

  /** The token of well clients. */
  String wellToken() {
    return well;
  }

  /** Another process is to be started before the next attack. */
  void hurt() {
    isHurt = true;
  }

  /** Starts another process if this one was hurt. */
  void renew() {
    if (isHurt || !process.isAlive()) {
      end();
      process = start();
      isHurt = false;
    }
  }

  private ServiceProcess start() {
    ServiceProcess started = ServiceProcess.start(settings.toArray(String[]::new));
    ProcessHandle.of(started.pid()).stream()
        .flatMap(ProcessHandle::descendants)
        .forEach(children::add);
    BatchScheduleRequest.Builder jobs = BatchScheduleRequest.newBuilder();
    for (int i = 0; i < LISTED; i++) {
      ScheduleRequest.Builder job =
          jobs.addRequestsBuilder().setQueue("abuse").setJobId("job-" + i);
      job.setConflictPolicy(ConflictPolicy.CONFLICT_POLICY_KEEP).setPayload(PAYLOAD);
      job.getDelayBuilder().setSeconds(86_400);
    }
    ManagedChannel channel = channel(started);
    try {
      SchedulerServiceBlockingStub calls =
          SchedulerServiceGrpc.newBlockingStub(channel)
              .withInterceptors(new RepeatedCalls())
              .withDeadlineAfter(START_SECONDS, TimeUnit.SECONDS);
      Tokens.with(calls, known).batchSchedule(jobs.build());
      warm(Tokens.with(calls, well));
    } finally {
      channel.shutdownNow();
    }
    residentBytes = Footprint.residentBytes(started);
    return started;
  }

  /** A first call takes long on a JVM, whoever attacks. */
  private static void warm(SchedulerServiceBlockingStub calls) {
    CancelRequest nothing = CancelRequest.newBuilder().setQueue("warm").setJobId("none").build();
    for (int i = 0; i < WARM_CALLS; i++) {
      calls.cancel(nothing);
    }
  }

  private void principal(String name, String token, String queues, String... permissions) {
    String prefix = "dueline.security.principals.\"" + name + "\".";
    settings.add(prefix + "token-sha256=" + Tokens.hash(token));
    for (String permission : permissions) {
      settings.add(prefix + permission + "=" + queues);
    }
  }

  /** One that was hurt may not end by itself, and would leave its Redis. */
  private void end() {
    process.kill();
    children.forEach(ProcessHandle::destroy);
    children.forEach(child -> child.onExit().join());
    children.clear();
  }

  @Override
  public void close() {
    end();
  }
}
