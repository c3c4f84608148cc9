package dev.dueline.job;

/** A value that is stored or sent as a number of its own, which never changes. */
public interface Coded {
  /** The number: 0 or more, and another for each value of the type. */
  int code();

  /**
   * The value with a number.
   *
   * @throws IllegalArgumentException if there is none
   */
  static <E extends Coded> E of(E[] values, long code) {
    for (E value : values) {
      if (value.code() == code) {
        return value;
      }
    }
    throw new IllegalArgumentException("no value has the code " + code);
  }
}
