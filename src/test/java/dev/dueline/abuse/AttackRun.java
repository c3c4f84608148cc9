package dev.dueline.abuse;

import static org.awaitility.Awaitility.await;

import dev.dueline.abuse.attack.Attack;
import dev.dueline.abuse.attack.Attacker;
import dev.dueline.abuse.gauge.Canary;
import dev.dueline.abuse.gauge.Footprint;
import dev.dueline.abuse.gauge.Peaks;
import dev.dueline.process.ServiceProcess;
import java.time.Duration;
import java.util.Locale;
import org.awaitility.core.ConditionTimeoutException;

/**
 * What one attack did.
 *
 * @param name of the attack
 * @param before what the service held
 * @param during what it held at the end of the attack, with all connections open
 * @param after what it held once they were closed
 * @param peakResidentBytes most memory of the process
 * @param peakFiles most descriptors
 * @param livenessFailures how often /q/health/live did not say that all is well
 * @param canary how a well client was served during the attack
 * @param canaryAfter how it was served afterwards
 * @param answers what became of calls and connections of the attacker
 */
record AttackRun(
    String name,
    Footprint before,
    Footprint during,
    Footprint after,
    long peakResidentBytes,
    long peakFiles,
    int livenessFailures,
    Canary.Figures canary,
    Canary.Figures canaryAfter,
    String answers) {
  static final int SECONDS = Integer.getInteger("dueline.test.abuse-seconds", 3);

  /** For descriptors to be given back. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** Those that may be open more than before, such as of the canary. */
  static final int FILES = 16;

  /** Runs one attack, and looks at it from all sides. */
  static AttackRun of(Attack attack, AbusedService service) throws InterruptedException {
    service.renew();
    ServiceProcess process = service.process();
    Footprint before = Footprint.of(process);
    try (Canary canary = Canary.start(process.port(), service.wellToken());
        Peaks peaks = Peaks.of(process)) {
      Footprint during;
      Canary.Figures served;
      Attacker attacker = Attacker.start(attack, service.target(), Duration.ofSeconds(SECONDS));
      try (attacker) {
        attacker.awaitEnd();
        served = canary.figures();
        // Stops the service for a moment, which is not to be held against it.
        during = Footprint.of(process);
      }
      settle(process, before);
      Footprint after = Footprint.of(process);
      canary.figures();
      Thread.sleep(1_000);
      return new AttackRun(
          attack.name(),
          before,
          during,
          after,
          peaks.residentBytes(),
          peaks.files(),
          peaks.livenessFailures(),
          served,
          canary.figures(),
          attacker.counts().toString());
    }
  }

  /** Waits until descriptors are given back, if they ever are. */
  private static void settle(ServiceProcess process, Footprint before) {
    try {
      await()
          .atMost(PATIENCE)
          .until(() -> !process.isAlive() || Footprint.files(process) <= before.files() + FILES);
    } catch (ConditionTimeoutException e) {
      // What is left is seen in what it holds after.
      return;
    }
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s%n before %s%n during %s; peak RSS %.0f MiB, %d files%n after  %s%n %s; liveness failed"
            + " %d times; after: %s%n %s",
        name,
        before,
        during,
        peakResidentBytes / (double) (1 << 20),
        peakFiles,
        after,
        canary,
        livenessFailures,
        canaryAfter,
        answers);
  }
}
