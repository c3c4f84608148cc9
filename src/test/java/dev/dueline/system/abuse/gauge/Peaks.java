package dev.dueline.system.abuse.gauge;

import dev.dueline.system.process.ManagementPage;
import dev.dueline.system.process.ServiceProcess;
import java.util.Locale;

/** The most that a service held at any time, and whether its liveness page answered. */
public final class Peaks implements AutoCloseable {
  private static final long INTERVAL_MS = 100;

  /** Between two looks at liveness, in intervals. */
  private static final int LIVENESS = 10;

  /** Looks without any answer, 5 s each, after which nobody is there; a probe tries again, too. */
  private static final int UNANSWERED = 6;

  private final ServiceProcess service;
  private final Thread thread = new Thread(this::watch, "peaks");
  private volatile long residentBytes;
  private volatile long files;
  private volatile int livenessFailures;
  private volatile boolean isClosed;

  private Peaks(ServiceProcess service) {
    this.service = service;
  }

  /** Looks from now on. */
  public static Peaks of(ServiceProcess service) {
    Peaks peaks = new Peaks(service);
    peaks.thread.setDaemon(true);
    peaks.thread.start();
    return peaks;
  }

  /**
   * What was seen so far.
   *
   * @param residentBytes most memory of the process
   * @param files most descriptors
   * @param livenessFailures how often /q/health/live did not say that all is well
   */
  public record Figures(long residentBytes, long files, int livenessFailures) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "RSS %.0f MiB, %d files, liveness failed %d times",
          Footprint.mib(residentBytes),
          files,
          livenessFailures);
    }
  }

  /** What was seen so far. */
  public Figures figures() {
    return new Figures(residentBytes, files, livenessFailures);
  }

  private void watch() {
    int looks = 0;
    while (!isClosed) {
      residentBytes = Math.max(residentBytes, Footprint.residentBytes(service));
      files = Math.max(files, Footprint.files(service));
      if (looks++ % LIVENESS == 0 && !isLive()) {
        livenessFailures++;
      }
      try {
        Thread.sleep(INTERVAL_MS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private boolean isLive() {
    int status = 0;
    for (int i = 0; status == 0 && i < UNANSWERED && !isClosed; i++) {
      status = ManagementPage.get(service.managementPort(), "/q/health/live").status();
    }
    return status == 200 || (status == 0 && isClosed);
  }

  @Override
  public void close() throws InterruptedException {
    isClosed = true;
    thread.join();
  }
}
