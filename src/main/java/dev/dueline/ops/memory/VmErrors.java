package dev.dueline.ops.memory;

import java.lang.management.ManagementFactory;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * HotSpot's count of the OutOfMemoryErrors that it has thrown since it started, for lack of heap or
 * metaspace, for an array or for a thread, in any thread and whoever caught them. It is in what
 * {@code jcmd PID VM.info} prints, and in no metric.
 *
 * <pre>
 * OutOfMemory and StackOverflow Exception counts:
 * OutOfMemoryError java_heap_errors=1
 * StackOverflowErrors=2
 * </pre>
 *
 * <p>Those that Java code makes itself, for direct buffers, are not counted.
 */
final class VmErrors {
  private static final String COMMANDS = "com.sun.management:type=DiagnosticCommand";
  private static final String LINE = "OutOfMemoryError ";

  /**
   * The counts that are not zero, such as {@code java_heap_errors=1}.
   *
   * @throws UnknownCountException if this JVM has no such page
   */
  String outOfMemory() throws UnknownCountException {
    try {
      MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
      Object page = beans.invoke(new ObjectName(COMMANDS), "vmInfo", new Object[0], new String[0]);
      return outOfMemory(String.valueOf(page));
    } catch (JMException | RuntimeException e) {
      throw new UnknownCountException("no VM.info", e);
    }
  }

  static String outOfMemory(String page) {
    return page.lines()
        .filter(line -> line.startsWith(LINE))
        .map(line -> line.substring(LINE.length()).strip())
        .collect(Collectors.joining(", "));
  }
}
