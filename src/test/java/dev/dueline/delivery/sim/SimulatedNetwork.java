package dev.dueline.delivery.sim;

import dev.dueline.delivery.time.EventLoop;
import dev.dueline.job.Shard;
import dev.dueline.store.Announcements;
import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.store.news.WatcherNews;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Stands between replicas and the store: requests, replies and announcements take time, may be
 * lost, and the store may be away.
 */
public final class SimulatedNetwork implements Announcements {
  private final EventLoop loop;
  private final LongSupplier storeNowUs;
  private final Map<Shard, List<MultiEmitter<? super HeadNews>>> heads = new HashMap<>();
  private final Map<Long, List<MultiEmitter<? super List<WatcherNews>>>> replicas = new HashMap<>();
  private Supplier<Duration> latency = () -> Duration.ofNanos(50_000);
  private BooleanSupplier losesNews = () -> false;
  private BooleanSupplier losesReply = () -> false;
  private Supplier<Throwable> loss = SimulatedNetwork::lost;
  private Duration stall = Duration.ZERO;
  private boolean isStoreAway;
  private final Map<String, Integer> calls = new HashMap<>();
  private final Map<String, Integer> items = new HashMap<>();

  /**
   * A network that loses nothing.
   *
   * @param storeNowUs the store's clock, us
   */
  public SimulatedNetwork(EventLoop loop, LongSupplier storeNowUs) {
    this.loop = loop;
    this.storeNowUs = storeNowUs;
  }

  public void latency(Supplier<Duration> oneWay) {
    latency = oneWay;
  }

  public void losesNews(BooleanSupplier decision) {
    losesNews = decision;
  }

  /** A call whose reply is lost was made, but its caller sees it fail. */
  public void losesReply(BooleanSupplier decision) {
    losesReply = decision;
  }

  /** What the caller sees of a reply that is lost. */
  public void loss(Supplier<Throwable> problem) {
    loss = problem;
  }

  private static Throwable lost() {
    return new StoreUnavailableException("reply lost", null);
  }

  /** Calls from now on fail at once, and are made all the same after a time; zero: no longer. */
  public void stalls(Duration time) {
    stall = time;
  }

  public void storeIsAway(boolean isAway) {
    isStoreAway = isAway;
  }

  /** How often a method of the store was called. */
  public int calls(String method) {
    return calls.getOrDefault(method, 0);
  }

  /** How many items calls of a method had in all. */
  public int items(String method) {
    return items.getOrDefault(method, 0);
  }

  /** A port of the store as replicas see it from here. */
  public <T> T over(Class<T> port, T store) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) ->
                method.getReturnType() == Uni.class
                    ? remote(store, method, arguments)
                    : call(store, method, arguments)));
  }

  private Uni<Object> remote(Object store, Method method, Object[] arguments) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              calls.merge(method.getName(), 1, Integer::sum);
              items.merge(method.getName(), items(arguments), Integer::sum);
              if (!stall.isZero()) {
                loop.schedule(
                    stall, () -> call(store, method, arguments).subscribe().with(made -> {}));
                emitter.fail(new StoreUnavailableException("stalled", null));
                return;
              }
              loop.schedule(
                  latency.get(),
                  () -> {
                    if (isStoreAway) {
                      emitter.fail(new StoreUnavailableException("away", null));
                      return;
                    }
                    call(store, method, arguments)
                        .subscribe()
                        .with(result -> reply(result, emitter), emitter::fail);
                  });
            });
  }

  /** Those of all lists; a method without arguments is called with null. */
  private static int items(Object @Nullable [] arguments) {
    return Stream.ofNullable(arguments)
        .flatMap(Arrays::stream)
        .mapToInt(each -> each instanceof List<?> list ? list.size() : 0)
        .sum();
  }

  private void reply(Object result, UniEmitter<? super Object> emitter) {
    boolean isLost = losesReply.getAsBoolean();
    loop.schedule(
        latency.get(),
        () -> {
          if (isLost) {
            emitter.fail(loss.get());
          } else {
            emitter.complete(result);
          }
        });
  }

  /** What passes from one script of a call to the next. */
  public Uni<Void> roundTrip() {
    return Uni.createFrom()
        .emitter(
            emitter ->
                loop.schedule(latency.get().plus(latency.get()), () -> emitter.complete(null)));
  }

  @SuppressWarnings("unchecked")
  private static Uni<Object> call(Object store, Method method, Object[] arguments) {
    try {
      return (Uni<Object>) method.invoke(store, arguments);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A job due at this time became the head of a shard. */
  public void announce(Shard shard, long dueMs) {
    for (MultiEmitter<? super HeadNews> emitter :
        List.copyOf(heads.getOrDefault(shard.place(), List.of()))) {
      if (!losesNews.getAsBoolean()) {
        loop.schedule(latency.get(), () -> emitter.emit(new HeadNews.Announced(dueMs)));
      }
    }
  }

  @Override
  public Multi<HeadNews> heads(Shard shard) {
    return Multi.createFrom()
        .emitter(
            emitter -> {
              heads.computeIfAbsent(shard.place(), key -> new ArrayList<>()).add(emitter);
              emitter.onTermination(() -> heads.get(shard.place()).remove(emitter));
              loop.schedule(latency.get(), () -> emitter.emit(new HeadNews.Listening()));
            });
  }

  /** How many listen to the heads of shards. */
  public int listeners() {
    return heads.values().stream().mapToInt(List::size).sum();
  }

  /** Tells all who listen that they may have missed news. */
  public void resubscribe() {
    heads
        .values()
        .forEach(all -> List.copyOf(all).forEach(each -> each.emit(new HeadNews.Listening())));
    List<WatcherNews> listening = List.of(new WatcherNews.Listening());
    replicas.values().forEach(all -> List.copyOf(all).forEach(each -> each.emit(listening)));
  }

  @Override
  public Uni<List<Beat>> beat(long replica) {
    return Uni.createFrom()
        .emitter(
            emitter ->
                loop.schedule(
                    latency.get(),
                    () -> {
                      List<Beat> beats =
                          isStoreAway
                              ? List.of()
                              : List.of(new Beat("all", "store", storeNowUs.getAsLong()));
                      loop.schedule(latency.get(), () -> emitter.complete(beats));
                    }));
  }

  @Override
  public Multi<List<WatcherNews>> watcherNews(long replica) {
    return Multi.createFrom()
        .emitter(
            emitter -> {
              replicas.computeIfAbsent(replica, key -> new ArrayList<>()).add(emitter);
              emitter.emit(List.of(new WatcherNews.Listening()));
            });
  }

  @Override
  public Uni<Void> tell(long replica, List<WatcherNews> news) {
    return Uni.createFrom()
        .voidItem()
        .invoke(
            () -> {
              for (MultiEmitter<? super List<WatcherNews>> emitter :
                  replicas.getOrDefault(replica, List.of())) {
                if (!losesNews.getAsBoolean()) {
                  loop.schedule(latency.get(), () -> emitter.emit(news));
                }
              }
            });
  }
}
