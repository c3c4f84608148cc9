package dev.dueline.operation.queue;

import dev.dueline.access.QueuePatterns;
import dev.dueline.job.QueueName;
import dev.dueline.operation.queue.QueueRefusedException.Reason;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueDirectory.Found;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.RedisStreamStore;
import io.smallrye.mutiny.Uni;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;

/** Looks at queues. */
public final class Queues {
  private final QueueDirectory directory;
  private final QueueStore store;
  private final RedisStreamStore streams;

  Queues(QueueDirectory directory, QueueStore store, RedisStreamStore streams) {
    this.directory = directory;
    this.store = store;
    this.streams = streams;
  }

  /**
   * Some queues in the order of their names; there may be few, or none, although more follow.
   *
   * @param failed those that could not be looked at, and why
   * @param next where the next page begins; empty: this is the last one
   */
  public record Page(
      List<QueueView> queues, SortedMap<QueueName, Throwable> failed, Optional<QueuePlace> next) {}

  /** One queue; fails with {@link QueueRefusedException} if there is none of that name. */
  public Uni<QueueView> find(QueueName name) {
    return with(name, this::view);
  }

  /**
   * A page of the queues that a caller may see.
   *
   * @param visible the caller's patterns
   * @param prefix that the names have
   * @param size most queues on the page
   * @param from where the page before it ended
   */
  public Uni<Page> list(QueuePatterns visible, String prefix, int size, QueuePlace from) {
    return new QueueWalk(directory, visible, prefix, size, from)
        .page()
        .chain(page -> directory.layouts(page.names()).chain(found -> page(found, page.next())));
  }

  private Uni<Page> page(Found found, Optional<QueuePlace> next) {
    SortedMap<QueueName, Throwable> failed =
        new ConcurrentSkipListMap<>(Comparator.comparing(QueueName::value));
    failed.putAll(found.failed());
    List<QueueName> names = found.layouts().stream().map(QueueLayout::queue).toList();
    return ShardCalls.each(names, name -> look(name, failed))
        .map(views -> new Page(views.stream().flatMap(Optional::stream).toList(), failed, next));
  }

  /** Empty: the queue is gone by now, or cannot be looked at, which keeps back no other. */
  private Uni<Optional<QueueView>> look(QueueName name, Map<QueueName, Throwable> failed) {
    return directory
        .withFound(
            name,
            found ->
                found.isEmpty()
                    ? Uni.createFrom().item(Optional.<QueueView>empty())
                    : view(found.get()).map(Optional::of))
        .onFailure()
        .invoke(failure -> failed.put(name, failure))
        .onFailure()
        .recoverWithItem(Optional.empty());
  }

  /** Makes a call on a queue; fails with {@link QueueRefusedException} if there is none. */
  <T> Uni<T> with(QueueName name, Function<QueueLayout, Uni<T>> call) {
    return directory.withFound(
        name,
        found ->
            found.isEmpty()
                ? Uni.createFrom().failure(new QueueRefusedException(name, Reason.NOT_FOUND))
                : call.apply(found.get()));
  }

  Uni<QueueView> view(QueueLayout layout) {
    return ShardCalls.each(layout.shards(), store::stats)
        .map(
            shards -> {
              boolean isStream = shards.stream().anyMatch(shard -> shard.stream() != null);
              return new QueueView(
                  layout,
                  shards,
                  isStream ? layout.shards().stream().map(streams::key).toList() : List.of());
            });
  }
}
