package dev.dueline.cli.bench.report;

import dev.dueline.cli.text.UsageException;
import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A condition under which a run has failed, such as {@code p99_ms>5}.
 *
 * @param name a figure
 * @param operator one of {@code < <= > >= == !=}
 * @param limit what the figure is compared with
 */
public record Threshold(String name, String operator, BigDecimal limit) {
  private static final Pattern EXPRESSION =
      Pattern.compile("\\s*(\\w+)\\s*(<=|>=|==|!=|<|>)\\s*(-?\\d+(?:\\.\\d+)?)\\s*");

  /** Figures that are there only when they are not 0. */
  private static final Pattern OPTIONAL = Pattern.compile("\\w*error_\\w+");

  /**
   * Reads an expression.
   *
   * @throws IllegalArgumentException when it is none; the message is for people
   */
  public static Threshold parse(String text) {
    Matcher parts = EXPRESSION.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not an expression such as p99_ms>5 or jobs_per_second<10000");
    }
    return new Threshold(parts.group(1), parts.group(2), new BigDecimal(parts.group(3)));
  }

  /**
   * Insists on the figure.
   *
   * @throws UsageException when there is none of this name
   */
  public void check(Figures figures) {
    if (figures.value(name).isEmpty() && !OPTIONAL.matcher(name).matches()) {
      throw new UsageException("No figure '" + name + "' in " + String.join(", ", figures.names()));
    }
  }

  /** Whether the condition holds. */
  public boolean isViolated(Figures figures) {
    int order = figures.value(name).orElse(BigDecimal.ZERO).compareTo(limit);
    return switch (operator) {
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      case ">=" -> order >= 0;
      case "==" -> order == 0;
      default -> order != 0;
    };
  }

  @Override
  public String toString() {
    return name + operator + limit.toPlainString();
  }
}
