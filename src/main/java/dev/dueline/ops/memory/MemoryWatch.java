package dev.dueline.ops.memory;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import org.jboss.logging.Logger;

/** The thread that looks whether memory has run out. */
final class MemoryWatch implements Runnable {
  private static final Logger LOG = Logger.getLogger(MemoryWatch.class);

  /** A process out of memory should be gone within seconds. */
  private static final long PERIOD_MS = 2_000;

  /**
   * Of the looks, one asks the JVM although no collection ran, after which alone it runs out of
   * heap or metaspace; threads and arrays need none. Asking takes 3 ms of CPU, too much for each
   * look of an idle service.
   */
  private static final int UNPROMPTED = 5;

  /** Whether this is a native image: folded when one is built, which leaves JMX out of it. */
  private static final boolean IS_NATIVE =
      System.getProperty("org.graalvm.nativeimage.imagecode") != null;

  private final DirectMemory direct = new DirectMemory();
  private long collections;
  private int quietLooks;

  private MemoryWatch() {}

  static void start() {
    Thread thread = new Thread(new MemoryWatch(), "dueline-memory");
    thread.setDaemon(true);
    thread.start();
  }

  /** An OutOfMemoryError in here is uncaught, and so ends the process as well. */
  @Override
  @SuppressWarnings("InfiniteLoopStatement")
  public void run() {
    VmErrors vm = IS_NATIVE ? null : new VmErrors();
    try {
      while (true) {
        Thread.sleep(PERIOD_MS);
        if (vm != null && isTimeToAsk() && !hasLooked(vm)) {
          vm = null;
        }
        direct.look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isTimeToAsk() {
    long before = collections;
    collections = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      collections += collector.getCollectionCount();
    }
    quietLooks = collections == before ? (quietLooks + 1) % UNPROMPTED : 0;
    return quietLooks == 0;
  }

  /** Looks; false where this JVM does not count. */
  private static boolean hasLooked(VmErrors vm) {
    try {
      String counts = vm.outOfMemory();
      if (!counts.isEmpty()) {
        OutOfMemory.end("the JVM has thrown an OutOfMemoryError (" + counts + ")");
      }
      return true;
    } catch (UnknownCountException e) {
      LOG.warn(
          "This JVM does not tell whether its memory ran out: start it with"
              + " -XX:+ExitOnOutOfMemoryError",
          e);
      return false;
    }
  }
}
