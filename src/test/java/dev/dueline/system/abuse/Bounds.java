package dev.dueline.system.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.system.abuse.attack.Attack;
import dev.dueline.system.abuse.gauge.Canary;
import dev.dueline.system.abuse.gauge.Footprint;
import dev.dueline.system.process.ServiceProcess;
import org.assertj.core.api.SoftAssertions;

/** What no attack may go beyond. All that does is reported at once. */
final class Bounds {
  /**
   * A caller waits that long at most, once in a hundred. Machines of CI are busy, stand still for
   * seconds, and the attacker takes all of them that it gets: what is judged there is that nobody
   * is left waiting. A quiet machine is asked for 250.
   */
  private static final double P99_MS = Integer.getInteger("dueline.test.abuse-p99-ms", 30_000);

  /** What an attack may hold of the heap while it lasts: a quarter in requests, and their calls. */
  private static final long HELD_BYTES = 80L << 20;

  /** Code that was loaded and buffers that are kept; a leak goes beyond it. */
  private static final long KEPT_BYTES = 24L << 20;

  /** Beyond the heap of 256 MiB and as much of direct buffers: code, stacks, metadata. */
  private static final long RESIDENT_BYTES = 700L << 20;

  /** Of all attacks at once, on a JVM that chooses its compilers and collector itself. */
  private static final long RESIDENT_AT_ONCE_BYTES = 768L << 20;

  /** Natively, where the heap cannot be looked at, beyond what is resident after the start. */
  private static final long GROWN_BYTES = 256L << 20;

  private static final long LOG_BYTES = 64L << 10;

  /** An event loop that goes on for nobody takes a core, when no attacker is left. */
  static final double IDLE_CORES = 0.5;

  /** CPU for each call or connection that an attacker has gotten through, s: some 70 ms at most. */
  private static final double CPU_SECONDS = 0.25;

  /** For what a service does beside, and has not compiled yet. */
  private static final double OTHER_CPU_SECONDS = 3;

  /**
   * Descriptors that connections may take: 4,096 of gRPC, 128 of the console, 64 of the management
   * port, and at each 64 that are yet to be counted.
   */
  private static final long CONNECTIONS = 4_480;

  /** Descriptors that may be open more than before. */
  static final int FILES = 16;

  private Bounds() {}

  /** What a service may hold of the heap after an attack before which it held that much. */
  static long keptBytes(Footprint before) {
    return before.heapBytes() + KEPT_BYTES;
  }

  /** Runs an attack, prints what it did, and holds it against the bounds. */
  static AttackRun hold(Attack attack, AbusedService service) throws InterruptedException {
    AttackRun run = AttackRun.of(attack, service);
    check(run, service, RESIDENT_BYTES);
    assertThat(run.cpuSeconds())
        .as("CPU for %d calls and connections, s", run.outcomes())
        .isLessThan(OTHER_CPU_SECONDS + run.outcomes() * CPU_SECONDS);
    return run;
  }

  /** Prints what all attacks at once did, and holds it against the bounds. */
  static void checkAtOnce(AttackRun run, AbusedService service) {
    check(run, service, RESIDENT_AT_ONCE_BYTES);
  }

  private static void check(AttackRun run, AbusedService service, long residentBytes) {
    System.out.println("abuse: " + run);
    SoftAssertions softly = new SoftAssertions();
    softly.assertThat(run.peaks().residentBytes()).as("peak RSS").isLessThan(residentBytes);
    check(softly, run, service);
    if (!softly.wasSuccess()) {
      service.hurt();
    }
    softly.assertAll();
  }

  private static void check(SoftAssertions softly, AttackRun run, AbusedService service) {
    softly.assertThat(service.process().isAlive()).as("the process lives").isTrue();
    softly.assertThat(run.peaks().livenessFailures()).as("times that liveness failed").isZero();
    checkCanary(softly, run.canary(), "during the attack");
    checkCanary(softly, run.canaryAfter(), "afterwards");
    checkMemory(softly, run, service);
    softly.assertThat(run.idle()).as("cores after the attack").isLessThan(IDLE_CORES);
    softly
        .assertThat(run.peaks().files())
        .as("descriptors during the attack")
        .isLessThan(run.before().files() + CONNECTIONS);
    softly
        .assertThat(run.after().files())
        .as("descriptors after the attack")
        .isLessThanOrEqualTo(run.before().files() + FILES);
    softly
        .assertThat(run.after().logBytes() - run.before().logBytes())
        .as("bytes logged")
        .isLessThan(LOG_BYTES);
    if (run.after().logBytes() < 16 << 20) {
      softly
          .assertThat(service.process().log())
          .doesNotContain("\tat ", "OutOfMemory", " ERROR ", service.target().token());
    }
  }

  private static void checkCanary(SoftAssertions softly, Canary.Figures canary, String when) {
    softly.assertThat(canary.failures()).as("failed calls of the canary, %s", when).isEmpty();
    softly.assertThat(canary.calls()).as("calls of the canary, %s", when).isPositive();
    softly.assertThat(canary.p99Ms()).as("p99 of the canary, ms, %s", when).isLessThan(P99_MS);
  }

  private static void checkMemory(SoftAssertions softly, AttackRun run, AbusedService service) {
    softly
        .assertThat(run.during().heapBytes())
        .as("heap during the attack")
        .isLessThan(run.before().heapBytes() + HELD_BYTES);
    softly
        .assertThat(run.after().heapBytes())
        .as("heap after the attack")
        .isLessThan(keptBytes(run.before()));
    if (!ServiceProcess.isOnJvm()) {
      softly
          .assertThat(run.after().residentBytes())
          .as("RSS after the attack")
          .isLessThan(service.residentBytes() + GROWN_BYTES);
    }
  }
}
