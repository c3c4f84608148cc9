package dev.dueline.access;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Names of queues, in which {@code *} stands for any characters, also for none. */
public final class QueuePatterns {
  /** No queue. */
  public static final QueuePatterns NONE = new QueuePatterns(List.of());

  /** Every queue. */
  public static final QueuePatterns ALL = new QueuePatterns(List.of("*"));

  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._:/*-]{1,128}");

  private final List<String> patterns;

  private QueuePatterns(List<String> patterns) {
    this.patterns = List.copyOf(patterns);
  }

  /**
   * Patterns as they are written.
   *
   * @throws IllegalArgumentException when one can fit no queue; the message names it
   */
  public static QueuePatterns of(List<String> patterns) {
    for (String pattern : patterns) {
      if (!VALID.matcher(pattern).matches()) {
        throw new IllegalArgumentException("'" + pattern + "' is no name or pattern of queues");
      }
    }
    return new QueuePatterns(patterns);
  }

  /** Whether one of them fits. Takes a time in proportion to the lengths, whatever the pattern. */
  public boolean fit(String queue) {
    for (String pattern : patterns) {
      if (fits(pattern, queue)) {
        return true;
      }
    }
    return false;
  }

  /** These, and others. */
  QueuePatterns and(QueuePatterns others) {
    return new QueuePatterns(
        Stream.concat(patterns.stream(), others.patterns.stream()).distinct().toList());
  }

  /** Whether one of them is the star alone, which fits every queue. */
  public boolean isAll() {
    return patterns.contains("*");
  }

  /** Whether none can fit. */
  public boolean isEmpty() {
    return patterns.isEmpty();
  }

  /**
   * Where the names lie that may fit and begin so, in order, without overlap: what stands before
   * the first star is a prefix. A pattern that begins with a star leads everywhere.
   */
  public List<NameRange> ranges(String prefix) {
    List<NameRange> ranges = new ArrayList<>();
    patterns.stream()
        .map(QueuePatterns::range)
        .filter(range -> range.meets(prefix))
        .map(range -> range.within(prefix))
        .sorted(Comparator.comparing(NameRange::prefix).thenComparing(NameRange::isOne))
        .forEach(
            range -> {
              if (ranges.isEmpty() || !ranges.get(ranges.size() - 1).has(range)) {
                ranges.add(range);
              }
            });
    return ranges;
  }

  private static NameRange range(String pattern) {
    int star = pattern.indexOf('*');
    return star < 0
        ? new NameRange(pattern, true)
        : new NameRange(pattern.substring(0, star), false);
  }

  /** Goes back to the last star only: those before it have found their shortest fit. */
  private static boolean fits(String pattern, String text) {
    int p = 0;
    int star = -1;
    int from = 0;
    for (int t = 0; t < text.length(); ) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        from = t;
      } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++from;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  @Override
  public String toString() {
    return patterns.toString();
  }
}
