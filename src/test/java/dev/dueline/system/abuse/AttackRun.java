package dev.dueline.system.abuse;

import dev.dueline.system.abuse.attack.Attack;
import dev.dueline.system.abuse.attack.Attacker;
import dev.dueline.system.abuse.gauge.Canary;
import dev.dueline.system.abuse.gauge.Footprint;
import dev.dueline.system.abuse.gauge.Peaks;
import dev.dueline.system.abuse.wire.Counts;
import java.time.Duration;
import java.util.Locale;

/**
 * What one attack did.
 *
 * @param name of the attack
 * @param before what the service held
 * @param during what it held at the end of the attack, with all connections open
 * @param after what it held once they were closed
 * @param peaks what it held at most
 * @param canary how a well client was served during the attack
 * @param canaryAfter how it was served afterwards
 * @param idle how many cores the service took once the attack was over
 * @param outcomes how many calls and connections of the attacker came to something
 * @param answers what became of them
 */
record AttackRun(
    String name,
    Footprint before,
    Footprint during,
    Footprint after,
    Peaks.Figures peaks,
    Canary.Figures canary,
    Canary.Figures canaryAfter,
    double idle,
    long outcomes,
    String answers) {
  static final int SECONDS = Integer.getInteger("dueline.test.abuse-seconds", 3);

  /** Runs one attack, and looks at it from all sides. */
  static AttackRun of(Attack attack, AbusedService service) throws InterruptedException {
    service.renew();
    try (Measurement measurement = new Measurement(service)) {
      Attacker attacker = Attacker.start(attack, service.target(), Duration.ofSeconds(SECONDS));
      try (attacker) {
        attacker.awaitEnd();
        measurement.attackEnds();
      }
      Counts counts = attacker.counts();
      return measurement.finish(attack.name(), counts.total(), counts.toString());
    }
  }

  /** As a row of the table in docs/security.md. */
  String row() {
    return String.format(
        Locale.ROOT,
        "| %s | %+.1f MiB | %.0f MiB | %+d | %.1f s | %+d B | %.0f, %.0f ms |",
        name,
        mib(during.heapBytes() - before.heapBytes()),
        mib(peaks.residentBytes()),
        peaks.files() - before.files(),
        cpuSeconds(),
        after.logBytes() - before.logBytes(),
        canary.p99Ms(),
        canary.slowestMs());
  }

  /** CPU that the service took while it was attacked. */
  double cpuSeconds() {
    return during.cpuSeconds() - before.cpuSeconds();
  }

  private static double mib(long bytes) {
    return bytes / (double) (1 << 20);
  }

  @Override
  public String toString() {
    return String.format(
        "%s%n before %s%n during %s%n after  %s, %.2f cores%n most   %s%n %s; afterwards: %s%n"
            + " %s%n %s",
        name, before, during, after, idle, peaks, canary, canaryAfter, answers, row());
  }
}
