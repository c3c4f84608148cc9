package dev.dueline.system.chaos;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What replicas complained about. */
final class ServiceLogs {
  /** Some libraries log by the levels of the JDK. */
  private static final Pattern COMPLAINT =
      Pattern.compile("^\\S+ \\S+ +(WARN|ERROR|FATAL|WARNING|SEVERE) .*");

  private static final Pattern TIME = Pattern.compile("^\\S+ \\S+ +");
  private static final Pattern CHANGING = Pattern.compile("0x[0-9a-f]+|\\d+");
  private static final int SHOWN = 160;

  private final List<String> logs;

  ServiceLogs(List<String> logs) {
    this.logs = logs;
  }

  /** Lines of each replica that are warnings or errors. */
  List<Long> counts() {
    return logs.stream().map(log -> log.lines().filter(isComplaint()).count()).toList();
  }

  /** Lines of each replica, stack traces included. */
  List<Long> lines() {
    return logs.stream().map(log -> log.lines().count()).toList();
  }

  /** The most frequent, without what differs from line to line. */
  List<String> mostFrequent(int count) {
    Map<String, Long> kinds =
        logs.stream()
            .flatMap(String::lines)
            .filter(isComplaint())
            .map(ServiceLogs::kind)
            .collect(Collectors.groupingBy(kind -> kind, TreeMap::new, Collectors.counting()));
    return kinds.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(count)
        .map(entry -> entry.getValue() + " × " + entry.getKey())
        .toList();
  }

  private static Predicate<String> isComplaint() {
    return line -> COMPLAINT.matcher(line).matches();
  }

  private static String kind(String line) {
    String text = CHANGING.matcher(TIME.matcher(line).replaceFirst("")).replaceAll("N");
    return text.substring(0, Math.min(SHOWN, text.length()));
  }
}
