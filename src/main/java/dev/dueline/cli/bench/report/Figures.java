package dev.dueline.cli.bench.report;

import dev.dueline.cli.text.Line;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Named figures, in the order in which they were added; numbers have up to three decimals. */
public final class Figures {
  private static final int DECIMALS = 3;

  private final Map<String, Object> values = new LinkedHashMap<>();

  /** Adds a word, which no threshold can be set to. */
  public Figures text(String name, String value) {
    values.put(name, value);
    return this;
  }

  /** Adds a whole number. */
  public Figures count(String name, long value) {
    values.put(name, BigDecimal.valueOf(value));
    return this;
  }

  /** Adds a number; one that is undefined, as a rate over no time is, counts as 0. */
  public Figures number(String name, double value) {
    BigDecimal exact = Double.isFinite(value) ? BigDecimal.valueOf(value) : BigDecimal.ZERO;
    values.put(name, exact.setScale(DECIMALS, RoundingMode.HALF_UP));
    return this;
  }

  /** The number of this name. */
  public Optional<BigDecimal> value(String name) {
    return values.get(name) instanceof BigDecimal number ? Optional.of(number) : Optional.empty();
  }

  /** A value as it is printed; 0 where there is none. */
  public String plain(String name) {
    return plain(values.getOrDefault(name, BigDecimal.ZERO));
  }

  /** The names of the numbers. */
  public List<String> names() {
    return values.keySet().stream().filter(name -> value(name).isPresent()).toList();
  }

  /** One JSON object on one line. */
  public String json() {
    return values.entrySet().stream()
        .map(entry -> quote(entry.getKey()) + ":" + json(entry.getValue()))
        .collect(Collectors.joining(",", "{", "}"));
  }

  /** A line a figure: name, value. */
  public List<String> lines() {
    return values.entrySet().stream()
        .map(entry -> Line.of(entry.getKey(), plain(entry.getValue())))
        .toList();
  }

  private static String json(Object value) {
    return value instanceof BigDecimal ? plain(value) : quote(value.toString());
  }

  private static String plain(Object value) {
    return value instanceof BigDecimal number
        ? number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString()
        : value.toString();
  }

  private static String quote(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
