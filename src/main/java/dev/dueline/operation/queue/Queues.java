package dev.dueline.operation.queue;

import dev.dueline.access.QueuePatterns;
import dev.dueline.job.QueueName;
import dev.dueline.operation.queue.QueueRefusedException.Reason;
import dev.dueline.store.ShardCalls;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.QueueStore;
import dev.dueline.store.queue.RedisStreamStore;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
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
   * @param next where the next page begins; empty: this is the last one
   */
  public record Page(List<QueueView> queues, Optional<QueuePlace> next) {}

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
        .chain(
            page ->
                directory
                    .layouts(page.names())
                    .chain(layouts -> ShardCalls.each(layouts, this::view))
                    .map(queues -> new Page(queues, page.next())));
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
