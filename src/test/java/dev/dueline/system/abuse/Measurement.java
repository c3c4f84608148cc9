package dev.dueline.system.abuse;

import static org.awaitility.Awaitility.await;

import dev.dueline.system.abuse.gauge.Canary;
import dev.dueline.system.abuse.gauge.Footprint;
import dev.dueline.system.abuse.gauge.Peaks;
import dev.dueline.system.process.ServiceProcess;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.core.ConditionTimeoutException;

/** Looks at a service from before an attack until after it, with a well client beside. */
final class Measurement implements AutoCloseable {
  /** For what was held to be given back, and beyond what any call of a well client may take. */
  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  /** What a well client calls before and after. */
  private static final int CALLS = 10;

  private final ServiceProcess process;
  private final Footprint before;
  private final Canary canary;
  private final Peaks peaks;
  private Footprint during;
  private Canary.Figures served;

  /** Begins: the well client was served at once, and its connections are open. */
  Measurement(AbusedService service) {
    process = service.process();
    canary = Canary.start(service::channel, service.wellToken());
    await().atMost(TIMEOUT).until(() -> canary.calls() >= CALLS);
    before = Footprint.of(process);
    peaks = Peaks.of(process);
    canary.figures();
  }

  /** To be called at the end of the attack, with all of its connections open. */
  void attackEnds() {
    served = canary.figures();
    // Stops the service for a moment, which is not to be held against it.
    during = Footprint.of(process);
  }

  /** To be called once connections of the attack were closed. */
  AttackRun finish(String name, long outcomes, String answers) throws InterruptedException {
    wait("descriptors", () -> Footprint.files(process) <= before.files() + Bounds.FILES);
    Footprint after = settled();
    canary.figures();
    double idle = cores(() -> wait("calls", () -> canary.calls() >= CALLS));
    peaks.close();
    Canary.Figures servedAfter = canary.figures();
    return new AttackRun(
        name, before, during, after, peaks.figures(), served, servedAfter, idle, outcomes, answers);
  }

  /** How many cores the service takes meanwhile. */
  private double cores(Runnable meanwhile) {
    double cpuSeconds = process.isAlive() ? process.cpuSeconds() : 0;
    long begin = System.nanoTime();
    meanwhile.run();
    double seconds = (System.nanoTime() - begin) / 1e9;
    return process.isAlive() ? (process.cpuSeconds() - cpuSeconds) / seconds : 0;
  }

  /** What is held once requests are over whose caller is gone, or when they should have been. */
  private Footprint settled() {
    AtomicReference<Footprint> last = new AtomicReference<>();
    wait(
        "memory",
        () -> {
          last.set(Footprint.of(process));
          return last.get().heapBytes() < Bounds.keptBytes(before);
        });
    return last.get() == null ? Footprint.of(process) : last.get();
  }

  /** Waits for what may never come; then it shows in what is measured. */
  private void wait(String what, Callable<Boolean> condition) {
    try {
      await(what).atMost(TIMEOUT).until(() -> !process.isAlive() || condition.call());
    } catch (ConditionTimeoutException e) {
      System.out.printf("abuse: %s: not after %d s%n", what, TIMEOUT.toSeconds());
    }
  }

  @Override
  public void close() throws InterruptedException {
    canary.close();
    peaks.close();
  }
}
