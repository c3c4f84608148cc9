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
    AtomicReference<Double> idle = new AtomicReference<>(0.0);
    wait("rest", () -> isAtRest(idle));
    peaks.close();
    Canary.Figures servedAfter = canary.figures();
    return new AttackRun(
        name,
        before,
        during,
        after,
        peaks.figures(),
        served,
        servedAfter,
        idle.get(),
        outcomes,
        answers);
  }

  /** Whether the service does little but serve a few calls: what it collects or compiles ends. */
  private boolean isAtRest(AtomicReference<Double> cores) {
    canary.figures();
    double cpuSeconds = cpuSeconds();
    long begin = System.nanoTime();
    wait("calls", () -> canary.calls() >= CALLS);
    double seconds = (System.nanoTime() - begin) / 1e9;
    cores.set((cpuSeconds() - cpuSeconds) / seconds);
    return cores.get() < Bounds.IDLE_CORES;
  }

  private double cpuSeconds() {
    return process.isAlive() ? process.cpuSeconds() : 0;
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
