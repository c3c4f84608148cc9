package dev.dueline.access;

/**
 * Names of queues that lie beside each other in order: all that begin so, or that one alone.
 *
 * @param prefix that the names have; the name itself, if it is one alone
 */
public record NameRange(String prefix, boolean isOne) {
  /** Behind every name that begins so, before all others: no name has this character. */
  private static final String BEHIND = "~";

  /** What lies behind these names, and before all that follow them. */
  public String end() {
    return isOne ? prefix : prefix + BEHIND;
  }

  boolean has(NameRange other) {
    return isOne ? equals(other) : other.prefix.startsWith(prefix);
  }

  /** Those of them that begin so. */
  NameRange within(String otherPrefix) {
    return isOne || prefix.startsWith(otherPrefix) ? this : new NameRange(otherPrefix, false);
  }

  /** Whether any of them can begin so. */
  boolean meets(String otherPrefix) {
    return prefix.startsWith(otherPrefix) || (!isOne && otherPrefix.startsWith(prefix));
  }
}
