package dev.dueline.console.http;

/** Fields, for tests outside of this package. */
public final class TestParameters {
  private TestParameters() {}

  /** Those of a query. */
  public static Parameters of(String query) {
    return Parameters.parse(query).orElseThrow();
  }
}
