package dev.dueline.store;

import dev.dueline.job.Shard;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Splits a batch into calls that each stay on one shard and are short for Redis, and puts the
 * results back in order.
 */
public final class ShardCalls {
  private ShardCalls() {}

  /**
   * Calls the shards that the items have, all at the same time; the calls of one shard are made in
   * the order of its items.
   *
   * @return a result for each item, in order; fails if any call failed
   */
  public static <T, R> Uni<List<R>> perShard(
      List<T> items, Function<T, Shard> shardOf, BiFunction<Shard, List<T>, Uni<List<R>>> call) {
    List<Call> calls = split(items, shardOf);
    if (calls.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    List<Uni<List<R>>> answers = new ArrayList<>();
    for (Call each : calls) {
      answers.add(call.apply(each.shard, each.places.stream().map(items::get).toList()));
    }
    return Uni.join().all(answers).andFailFast().map(all -> merge(items.size(), calls, all));
  }

  private static <T> List<Call> split(List<T> items, Function<T, Shard> shardOf) {
    Map<Shard, Call> filling = new HashMap<>();
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      Shard shard = shardOf.apply(items.get(i));
      Call call = filling.get(shard);
      if (call == null || call.places.size() == JobStore.MAX_BATCH) {
        call = new Call(shard, new ArrayList<>());
        filling.put(shard, call);
        calls.add(call);
      }
      call.places.add(i);
    }
    return calls;
  }

  private static <R> List<R> merge(int size, List<Call> calls, List<List<R>> answers) {
    List<@Nullable R> merged = new ArrayList<>(Collections.nCopies(size, null));
    for (int i = 0; i < calls.size(); i++) {
      List<Integer> places = calls.get(i).places;
      List<R> results = answers.get(i);
      if (results.size() != places.size()) {
        throw new StoreReplyException("a reply for " + results.size() + " items", null);
      }
      for (int j = 0; j < places.size(); j++) {
        merged.set(places.get(j), results.get(j));
      }
    }
    @SuppressWarnings("NullAway") // every place was set: the calls cover all items
    List<R> complete = (List<R>) merged;
    return complete;
  }

  private record Call(Shard shard, List<Integer> places) {}
}
