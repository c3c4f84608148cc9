package dev.dueline.system.security.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dueline.system.process.ManagementPage;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.system.security.callers.Tokens;
import dev.dueline.v1.PullDueRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bad input of every kind on all calls, for as long as {@code dueline.test.fuzz-seconds} says: no
 * crash, nothing that is not foreseen, and nothing left behind.
 */
class FuzzIT {
  private static final int SECONDS = Integer.getInteger("dueline.test.fuzz-seconds", 5);
  private static final int STREAMS = Integer.getInteger("dueline.test.fuzz-streams", 2_000);
  private static final long SEED =
      Long.getLong("dueline.test.fuzz-seed", new SplittableRandom().nextLong());
  private static final Duration TIMEOUT = Duration.ofSeconds(120);

  /** In which all that must be answered has come, however little a machine does in the time. */
  private static final int LEAST_STEPS = 3_000;

  /** Descriptors that may be open more than before. */
  private static final int MORE_FILES = 16;

  /** Code that was loaded and buffers that are kept; a leak of calls goes beyond it. */
  private static final long MAX_GROWTH_BYTES = 24L << 20;

  @Test
  void nothingBreaksAndNothingIsLeft(@TempDir Path data) throws Exception {
    String token = Tokens.random();
    try (ServiceProcess service =
        ServiceProcess.start(
            "-Xmx256m",
            "dueline.metrics.interval=200ms",
            "dueline.embedded.data-dir=" + data,
            // What a machine does that stands still for a moment is not the fuzzer's doing.
            "dueline.store.timeout=30s",
            "dueline.security.principals.\"fuzzer\".token-sha256=" + Tokens.hash(token),
            "dueline.security.principals.\"fuzzer\".schedule=fuzz-*",
            "dueline.security.principals.\"fuzzer\".watch=fuzz-*",
            "dueline.security.principals.\"fuzzer\".operate=fuzz-*")) {
      Fuzzer fuzzer = new Fuzzer(service.port(), token, SEED);
      round(fuzzer, 2, 0);
      fuzzer.reconnect();
      State before = State.settled(service);
      long steps = round(fuzzer, SECONDS, LEAST_STEPS);
      fuzzer.close();
      await("descriptors to be given back")
          .atMost(TIMEOUT)
          .until(() -> State.files(service) <= before.files + MORE_FILES);
      State after = State.settled(service);

      System.out.println(told(steps, before, after, fuzzer));
      assertThat(fuzzer.answers().keySet())
          .noneMatch(answer -> answer.contains("UNKNOWN") || answer.contains("INTERNAL"))
          .contains("stranger UNAUTHENTICATED", "unknown UNIMPLEMENTED", "known INVALID_ARGUMENT")
          .contains("known OK", "known PERMISSION_DENIED");
      assertThat(service.isAlive()).isTrue();
      assertThat(after.watchers).isZero();
      assertThat(after.liveBytes).isLessThan(before.liveBytes + MAX_GROWTH_BYTES);
      assertThat(service.log()).doesNotContain("\tat ", "OutOfMemory", " ERROR ", token);
      assertThat(works(service, token)).isTrue();
    }
  }

  private static String told(long steps, State before, State after, Fuzzer fuzzer) {
    return "fuzz: seed %d, %d s, %d steps, %d streams a round%n before %s%n after  %s%n %s"
        .formatted(SEED, SECONDS, steps, STREAMS, before, after, fuzzer.answers());
  }

  private static long round(Fuzzer fuzzer, int seconds, int leastSteps) {
    long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    long steps = 0;
    while (System.nanoTime() < end || steps < leastSteps) {
      fuzzer.step();
      steps++;
      if (steps % 20_000 == 1_000) {
        fuzzer.streams(STREAMS);
        fuzzer.reconnect();
      }
    }
    return steps;
  }

  private static boolean works(ServiceProcess service, String token) {
    PullDueRequest pull = PullDueRequest.newBuilder().addQueues("fuzz-other").build();
    return Tokens.with(service.calls(), token).pullDue(pull).getJobsCount() == 0;
  }

  /** What a service holds. */
  private record State(double watchers, long files, long liveBytes, long residentKib) {

    /** Once the last connections are gone. */
    static State settled(ServiceProcess service) throws Exception {
      await("watchers to go")
          .atMost(TIMEOUT)
          .until(() -> ManagementPage.metrics(service).sum("dueline_watchers") == 0);
      return new State(
          ManagementPage.metrics(service).sum("dueline_watchers"),
          files(service),
          liveBytes(service),
          residentKib(service));
    }

    private static long files(ServiceProcess service) throws IOException {
      try (Stream<Path> open = Files.list(Path.of("/proc/" + service.pid() + "/fd"))) {
        return open.count();
      }
    }

    /**
     * Bytes of objects that can be reached: the histogram collects garbage first. A native binary
     * cannot be asked: 0.
     */
    private static long liveBytes(ServiceProcess service) throws Exception {
      if (!ServiceProcess.isOnJvm()) {
        return 0;
      }
      Process jcmd =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  // By default 10 s, in which a machine may have stood still.
                  "-J-Dsun.tools.attach.attachTimeout=90000",
                  Long.toString(service.pid()),
                  "GC.class_histogram")
              .start();
      String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String total =
          said.lines().filter(line -> line.startsWith("Total")).findFirst().orElseThrow();
      return Long.parseLong(Arrays.asList(total.split("\\s+")).get(2));
    }

    private static long residentKib(ServiceProcess service) throws IOException {
      return Files.readAllLines(Path.of("/proc/" + service.pid() + "/status")).stream()
          .filter(line -> line.startsWith("VmRSS"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    }
  }
}
