package dev.dueline.cli.text;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The names of one of the contract's enums as words: {@code LEASE_OUTCOME_LOST} is {@code lost},
 * {@code CONFLICT_POLICY_REPLACE_IF_LATER} is {@code replace-if-later}.
 */
public final class Words<E extends Enum<E>> {
  private static final List<String> NO_CHOICE = List.of("unspecified", "unrecognized");

  private final Class<E> type;
  private final String prefix;

  private Words(Class<E> type, String prefix) {
    this.type = type;
    this.prefix = prefix;
  }

  /** The words of an enum whose constants begin with its own name, as buf has it. */
  public static <E extends Enum<E>> Words<E> of(Class<E> type) {
    String name = type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "_");
    return new Words<>(type, name.toUpperCase(Locale.ROOT) + "_");
  }

  /** The word for a constant. */
  public String format(E constant) {
    String name = constant.name();
    String rest = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    return rest.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The constant that a word means.
   *
   * @throws IllegalArgumentException when it means none; the message names those that there are
   */
  public E parse(String word) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> format(constant).equals(word) && !NO_CHOICE.contains(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("'" + word + "' is none of " + choices()));
  }

  private String choices() {
    return Arrays.stream(type.getEnumConstants())
        .map(this::format)
        .filter(word -> !NO_CHOICE.contains(word))
        .collect(Collectors.joining(", "));
  }
}
