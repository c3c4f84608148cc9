package dev.dueline.store;

import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.failure.StoreReplyException;
import io.smallrye.mutiny.CompositeException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls many shards at once: the one place that says how many. Results come in the order of what
 * was asked for. However many calls are answered at once, the stack does not grow with them.
 */
public final class ShardCalls {
  /**
   * Most calls of one fan-out that reads in flight. A page of a list can have 1 MiB, so this bounds
   * what one caller has in memory; a node of Redis runs one script at a time, and would not be
   * faster for more. What writes has no such bound: a batch has at most 1,000 items, the store
   * bounds what waits, and a Redis that is silent would cost a timeout for each round.
   */
  private static final int MAX_IN_FLIGHT = 16;

  private ShardCalls() {}

  /** Reads for each item. The first failure ends all; what was not begun is left out. */
  public static <T, R> Uni<List<R>> each(List<T> items, Function<T, Uni<R>> call) {
    return switch (items.size()) {
      case 0 -> Uni.createFrom().item(List.of());
      // Calls that write have no result: null, which List.of would not take.
      case 1 -> call.apply(items.get(0)).map(Collections::singletonList);
      default ->
          Multi.createFrom()
              .range(0, items.size())
              .onItem()
              .transformToUni(
                  place -> call.apply(items.get(place)).map(result -> new Placed<>(place, result)))
              .merge(MAX_IN_FLIGHT)
              .collect()
              .asList()
              .map(ShardCalls::inOrder);
    };
  }

  /**
   * Makes a call for each item, whatever becomes of the others; then fails as the first that did.
   */
  public static <T, R> Uni<List<R>> eachToItsEnd(List<T> items, Function<T, Uni<R>> call) {
    return items.size() < 2
        ? each(items, call)
        : Uni.join()
            .all(items.stream().map(call).toList())
            .andCollectFailures()
            .onFailure(CompositeException.class)
            .transform(failures -> ((CompositeException) failures).getCauses().get(0));
  }

  /**
   * Splits a batch into calls that each stay on one shard and are short for Redis. Each call is
   * made {@linkplain #eachToItsEnd to its end}; those of one shard begin in the order of its items.
   *
   * @return a result for each item
   */
  public static <T, R> Uni<List<R>> perShard(
      List<T> items, Function<T, Shard> shardOf, BiFunction<Shard, List<T>, Uni<List<R>>> call) {
    return perKey(items, shardOf, JobStore.MAX_BATCH, call);
  }

  /**
   * Splits a batch into a call for each queue, each made {@linkplain #eachToItsEnd to its end}.
   *
   * @return a result for each item
   */
  public static <T, R> Uni<List<R>> perQueue(
      List<T> items,
      Function<T, QueueName> queueOf,
      BiFunction<QueueName, List<T>, Uni<List<R>>> call) {
    return perKey(items, queueOf, Integer.MAX_VALUE, call);
  }

  private static <K, T, R> Uni<List<R>> perKey(
      List<T> items, Function<T, K> keyOf, int most, BiFunction<K, List<T>, Uni<List<R>>> call) {
    List<Part<K>> parts = split(items, keyOf, most);
    return eachToItsEnd(
            parts, part -> call.apply(part.key, part.places.stream().map(items::get).toList()))
        .map(answers -> merge(items.size(), parts, answers));
  }

  private static <R> List<R> inOrder(List<Placed<R>> results) {
    return results.stream()
        .sorted(Comparator.comparingInt(Placed::place))
        .map(Placed::result)
        .toList();
  }

  private static <K, T> List<Part<K>> split(List<T> items, Function<T, K> keyOf, int most) {
    Map<K, Part<K>> filling = new HashMap<>();
    List<Part<K>> parts = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      K key = keyOf.apply(items.get(i));
      Part<K> part = filling.get(key);
      if (part == null || part.places.size() == most) {
        part = new Part<>(key, new ArrayList<>());
        filling.put(key, part);
        parts.add(part);
      }
      part.places.add(i);
    }
    return parts;
  }

  private static <K, R> List<R> merge(int size, List<Part<K>> parts, List<List<R>> answers) {
    List<@Nullable R> merged = new ArrayList<>(Collections.nCopies(size, null));
    for (int i = 0; i < parts.size(); i++) {
      List<Integer> places = parts.get(i).places;
      List<R> results = answers.get(i);
      if (results.size() != places.size()) {
        throw new StoreReplyException("a reply for " + results.size() + " items", null);
      }
      for (int j = 0; j < places.size(); j++) {
        merged.set(places.get(j), results.get(j));
      }
    }
    @SuppressWarnings("NullAway") // every place was set: the parts cover all items
    List<R> complete = (List<R>) merged;
    return complete;
  }

  private record Placed<R>(int place, R result) {}

  /** The items of one call, by their places in the batch. */
  private record Part<K>(K key, List<Integer> places) {}
}
