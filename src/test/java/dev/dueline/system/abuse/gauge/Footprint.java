package dev.dueline.system.abuse.gauge;

import dev.dueline.system.process.ManagementPage;
import dev.dueline.system.process.ServiceProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What the process of a service holds at one moment; -1 for what it does not tell.
 *
 * @param heapBytes of objects that can be reached, once garbage was collected; a native binary
 *     cannot be asked
 * @param directBytes of buffers outside the heap
 * @param residentBytes of memory
 * @param files descriptors that are open
 * @param logBytes that it has logged so far
 * @param cpuSeconds that it has used so far
 */
public record Footprint(
    long heapBytes,
    long directBytes,
    long residentBytes,
    long files,
    long logBytes,
    double cpuSeconds) {
  private static final long TIMEOUT_SECONDS = 120;

  /** For the service to let jcmd in; by default 10 s, in which a machine may have stood still. */
  private static final String ATTACH = "-J-Dsun.tools.attach.attachTimeout=90000";

  /** What a JVM says that was asked at the wrong moment. */
  private static final String SKIPPED = "pre-dump GC was skipped";

  private static final int MOST_TRIES = 50;

  private static final String DIRECT = "jvm_buffer_memory_used_bytes\\{[^}]*id=\"direct\"[^}]*} .*";

  /** Looks now; the service collects its garbage for it. */
  public static Footprint of(ServiceProcess service) {
    return new Footprint(
        heapBytes(service),
        directBytes(service),
        residentBytes(service),
        files(service),
        service.logBytes(),
        service.isAlive() ? service.cpuSeconds() : -1);
  }

  /** Memory of the process; -1: it is gone. */
  public static long residentBytes(ServiceProcess service) {
    try (Stream<String> lines = Files.lines(proc(service, "status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElse(-1);
    } catch (IOException e) {
      return -1;
    }
  }

  /** Descriptors of the process; -1: it is gone. */
  public static long files(ServiceProcess service) {
    try (Stream<Path> open = Files.list(proc(service, "fd"))) {
      return open.count();
    } catch (IOException e) {
      return -1;
    }
  }

  private static Path proc(ServiceProcess service, String file) {
    return Path.of("/proc/" + service.pid() + "/" + file);
  }

  /** Asks again where garbage was counted, too: a JVM that inflates something cannot collect it. */
  private static long heapBytes(ServiceProcess service) {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      long skipped = skippedCollections(service);
      long bytes = histogram(service);
      if (skippedCollections(service) == skipped) {
        return bytes;
      }
    }
    throw new IllegalStateException("garbage could not be collected to look at the heap");
  }

  private static long skippedCollections(ServiceProcess service) {
    return service.log().lines().filter(line -> line.endsWith(SKIPPED)).count();
  }

  private static long histogram(ServiceProcess service) {
    if (!ServiceProcess.isOnJvm() || !service.isAlive()) {
      return -1;
    }
    try {
      Path out = Files.createTempFile("histogram", ".txt");
      Process jcmd =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  ATTACH,
                  Long.toString(service.pid()),
                  "GC.class_histogram")
              .redirectErrorStream(true)
              .redirectOutput(out.toFile())
              .start();
      if (!jcmd.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        jcmd.destroyForcibly();
      }
      String said = Files.readString(out, StandardCharsets.UTF_8);
      Files.delete(out);
      return said.lines()
          .filter(line -> line.startsWith("Total"))
          .mapToLong(line -> Long.parseLong(Arrays.asList(line.split("\\s+")).get(2)))
          .findFirst()
          .orElse(-1);
    } catch (IOException e) {
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static long directBytes(ServiceProcess service) {
    ManagementPage page = ManagementPage.get(service.managementPort(), "/q/metrics");
    return page.text()
        .lines()
        .filter(line -> line.matches(DIRECT))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElse(-1);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "heap %.1f MiB, direct %.1f MiB, RSS %.0f MiB, %d files, log %d B, CPU %.1f s",
        mib(heapBytes),
        mib(directBytes),
        mib(residentBytes),
        files,
        logBytes,
        cpuSeconds);
  }

  static double mib(long bytes) {
    return bytes / (double) (1 << 20);
  }
}
