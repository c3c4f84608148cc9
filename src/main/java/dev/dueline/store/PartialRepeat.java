package dev.dueline.store;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** A batch whose call is made once more for some of its items. */
public final class PartialRepeat {
  private PartialRepeat() {}

  /** Calls once more for the items that have such a result, and puts what comes in its place. */
  public static <T, R> Uni<List<R>> of(
      List<T> items, List<R> results, Predicate<R> isWanted, Function<List<T>, Uni<List<R>>> call) {
    List<Integer> places =
        IntStream.range(0, items.size())
            .filter(i -> isWanted.test(results.get(i)))
            .boxed()
            .toList();
    if (places.isEmpty()) {
      return Uni.createFrom().item(results);
    }
    return call.apply(places.stream().map(items::get).toList())
        .map(
            fresh -> {
              List<R> merged = new ArrayList<>(results);
              for (int i = 0; i < places.size(); i++) {
                merged.set(places.get(i), fresh.get(i));
              }
              return merged;
            });
  }
}
