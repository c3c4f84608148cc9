package dev.dueline.grpc.message;

/** How many items a page of a list may have (AIP-158). */
public final class PageSize {
  private static final int DEFAULT = 100;
  private static final int MAX = 1_000;

  private PageSize() {}

  /** What a caller gets that asks for so many: the default for 0, and no more than the most. */
  public static int of(int asked) {
    return asked == 0 ? DEFAULT : Math.min(asked, MAX);
  }
}
