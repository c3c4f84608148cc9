package dev.dueline.cli.remote;

import java.util.ArrayList;
import java.util.List;

/** Splits what a person gave into what one call may carry. */
public final class Batches {
  /** Items that the contract allows in one call. */
  private static final int MAX_ITEMS = 1_000;

  private Batches() {}

  /** The items in order, up to 1,000 in each. */
  public static <T> List<List<T>> of(List<T> items) {
    List<List<T>> batches = new ArrayList<>();
    for (int from = 0; from < items.size(); from += MAX_ITEMS) {
      batches.add(items.subList(from, Math.min(items.size(), from + MAX_ITEMS)));
    }
    return batches;
  }
}
