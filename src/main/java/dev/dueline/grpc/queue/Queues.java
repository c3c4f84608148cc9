package dev.dueline.grpc.queue;

import dev.dueline.access.Permission;
import dev.dueline.access.QueuePatterns;
import dev.dueline.grpc.call.Caller;
import dev.dueline.grpc.failure.GrpcFailures;
import dev.dueline.grpc.failure.RefusedException;
import dev.dueline.grpc.failure.Violations;
import dev.dueline.job.QueueName;
import dev.dueline.store.QueueDirectory;
import dev.dueline.store.QueueLayout;
import dev.dueline.store.QueueStore;
import dev.dueline.store.StreamStore;
import dev.dueline.v1.GetQueueResponse;
import dev.dueline.v1.ListQueuesRequest;
import dev.dueline.v1.ListQueuesResponse;
import dev.dueline.v1.Queue;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** ListQueues and GetQueue. */
final class Queues {
  private static final int DEFAULT_PAGE_SIZE = 100;

  /** Shards asked at the same time. */
  private static final int CONCURRENT_CALLS = 64;

  private final QueueChecks checks;
  private final QueueDirectory directory;
  private final QueueStore store;
  private final StreamStore streams;

  Queues(QueueChecks checks, QueueDirectory directory, QueueStore store, StreamStore streams) {
    this.checks = checks;
    this.directory = directory;
    this.store = store;
    this.streams = streams;
  }

  /** The layout of a queue that a request names; fails with {@link RefusedException}. */
  Uni<QueueLayout> named(String queue) {
    QueueName name = checks.queue(queue);
    return directory
        .find(name)
        .map(
            found ->
                found.orElseThrow(() -> new RefusedException(GrpcFailures.queueNotFound(name))));
  }

  Uni<GetQueueResponse> get(String queue) {
    return named(queue)
        .chain(this::read)
        .map(read -> GetQueueResponse.newBuilder().setQueue(read).build());
  }

  /** A queue as it stands, each shard for itself. */
  Uni<Queue> read(QueueLayout layout) {
    return each(layout.shards(), store::stats)
        .map(shards -> QueueMapping.queue(layout, shards, streams::key));
  }

  Uni<ListQueuesResponse> list(ListQueuesRequest request) {
    checks.list(request);
    String prefix = request.getNamePrefix();
    int size = request.getPageSize() == 0 ? DEFAULT_PAGE_SIZE : request.getPageSize();
    QueuePatterns own = Caller.current().granted(Permission.OPERATE);
    return new QueueWalk(directory, own, prefix, size, begin(request))
        .page()
        .chain(
            page ->
                directory
                    .layouts(page.names())
                    .chain(this::read)
                    .map(read -> answer(page, read, prefix)));
  }

  private Uni<List<Queue>> read(List<QueueLayout> page) {
    return each(page, this::read);
  }

  private static <T, R> Uni<List<R>> each(List<T> items, Function<T, Uni<R>> call) {
    return items.isEmpty()
        ? Uni.createFrom().item(List.of())
        : Uni.join()
            .all(items.stream().map(call).toList())
            .usingConcurrencyOf(CONCURRENT_CALLS)
            .andFailFast();
  }

  private static QueuePageToken begin(ListQueuesRequest request) {
    if (request.getPageToken().isEmpty()) {
      return QueuePageToken.START;
    }
    Optional<QueuePageToken> begin =
        QueuePageToken.decode(request.getNamePrefix(), request.getPageToken());
    Violations violations = new Violations();
    violations.require(
        begin.isPresent(),
        "page_token",
        "must be the next_page_token of this list: the same name_prefix");
    violations.throwIfAny();
    return begin.orElseThrow();
  }

  private static ListQueuesResponse answer(QueueWalk.Page page, List<Queue> queues, String prefix) {
    ListQueuesResponse.Builder response = ListQueuesResponse.newBuilder().addAllQueues(queues);
    page.next().ifPresent(next -> response.setNextPageToken(next.encode(prefix)));
    return response.build();
  }
}
