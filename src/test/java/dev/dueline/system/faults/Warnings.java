package dev.dueline.system.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a service that lost Redis may log: a line for each change of state, not for each call. */
final class Warnings {
  /** A connection may break before anybody knows that Redis refuses: one line, and one more. */
  private static final int MOST_EACH = 2;

  /** Of a machine that stood still, and not of Redis. */
  private static final String STANDSTILL = "This replica stood still";

  private Warnings() {}

  /** What is said of Redis. */
  static List<String> ofRedis(String log) {
    return log.lines().filter(line -> !line.contains(STANDSTILL)).toList();
  }

  /** None asks for help, and of each part of the service none comes without a change. */
  static void assertOneForEachChange(String log) {
    assertThat(log).doesNotContain("ERROR").doesNotContain("\tat ");
    Map<String, Integer> warnings = new TreeMap<>();
    Map<String, Integer> recoveries = new TreeMap<>();
    for (String line : ofRedis(log)) {
      if (line.contains(" WARN  [")) {
        warnings.merge(logger(line), 1, Integer::sum);
      } else if (line.contains(" INFO  [")) {
        recoveries.merge(logger(line), 1, Integer::sum);
      }
    }
    // What is over, and said to be, may begin again.
    warnings.forEach(
        (logger, count) ->
            assertThat(count)
                .as("warnings of %s in %s", logger, log)
                .isLessThanOrEqualTo(MOST_EACH * (1 + recoveries.getOrDefault(logger, 0))));
  }

  private static String logger(String line) {
    return line.substring(line.indexOf('[') + 1, line.indexOf(']'));
  }
}
