package dev.dueline.system.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.system.abuse.attack.AttackProcess;
import dev.dueline.system.abuse.gauge.Workload;
import dev.dueline.system.process.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All attacks at once, from a process that has one core, beside jobs that must all be delivered, on
 * a JVM that chooses its compilers and collector itself, as a user's. By hand: {@code
 * -Dexcluded.groups= -Ddueline.test.abuse-seconds=600 -Ddueline.test.abuse-p99-ms=250}.
 */
@Tag("load")
class AllAtOnceIT {
  private static final Duration LENGTH = Duration.ofSeconds(Math.max(10, AttackRun.SECONDS));
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @Test
  void nothingIsLostAndOthersAreServed(@TempDir Path data) throws Exception {
    try (AbusedService service = new AbusedService(data, ServiceProcess.ALL_COMPILERS)) {
      Workload.Figures work;
      AttackRun run;
      try (Workload workload = Workload.start(service.process().port(), service.wellToken())) {
        run = run(service);
        work = workload.finish(TIMEOUT);
      }
      System.out.println("abuse: " + work);
      Bounds.checkAtOnce(run, service);
      assertThat(work.lost()).as("jobs that were lost").isZero();
      assertThat(work.failedSchedules()).as("calls of Schedule that failed").isZero();
      assertThat(work.scheduled()).isPositive();
    }
  }

  private static AttackRun run(AbusedService service) throws IOException, InterruptedException {
    try (Measurement measurement = new Measurement(service)) {
      double cpuSeconds;
      try (AttackProcess attack = AttackProcess.start(service.target(), LENGTH)) {
        attack.awaitEnd(LENGTH);
        assertThat(attack.isAlive()).as("attackers hold their connections").isTrue();
        cpuSeconds = attack.cpuSeconds();
        measurement.attackEnds();
      }
      String answers = Files.readString(AttackProcess.LOG) + cpuSeconds + " s of CPU";
      assertThat(answers).as("faults of the attackers' own").doesNotContain("Exception in thread");
      return measurement.finish("all at once", 0, answers);
    }
  }
}
