package dev.dueline.grpc;

import dev.dueline.grpc.access.Permission;
import dev.dueline.grpc.access.Principal;
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
import java.util.stream.Stream;

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
    return Uni.join()
        .all(layout.shards().stream().map(store::stats).toList())
        .usingConcurrencyOf(CONCURRENT_CALLS)
        .andFailFast()
        .map(shards -> QueueMapping.queue(layout, shards, streams::key));
  }

  Uni<ListQueuesResponse> list(ListQueuesRequest request) {
    checks.list(request);
    int size = request.getPageSize() == 0 ? DEFAULT_PAGE_SIZE : request.getPageSize();
    return visible(Principal.current(), request.getNamePrefix(), after(request), size + 1)
        .chain(
            found -> {
              List<QueueLayout> page = found.subList(0, Math.min(size, found.size()));
              return read(page).map(queues -> response(request, queues, found.size() > size));
            });
  }

  /** The first queues that the caller may operate; asks on while others are between them. */
  private Uni<List<QueueLayout>> visible(Principal caller, String prefix, String after, int most) {
    return directory
        .list(prefix, after, most)
        .chain(
            found -> {
              List<QueueLayout> own =
                  found.stream()
                      .filter(each -> caller.may(Permission.OPERATE, each.queue().value()))
                      .toList();
              if (own.size() == found.size() || found.size() < most) {
                return Uni.createFrom().item(own);
              }
              String last = found.get(found.size() - 1).queue().value();
              return visible(caller, prefix, last, most)
                  .map(rest -> Stream.concat(own.stream(), rest.stream()).limit(most).toList());
            });
  }

  private Uni<List<Queue>> read(List<QueueLayout> page) {
    return page.isEmpty()
        ? Uni.createFrom().item(List.of())
        : Uni.join()
            .all(page.stream().map(this::read).toList())
            .usingConcurrencyOf(CONCURRENT_CALLS)
            .andFailFast();
  }

  private static String after(ListQueuesRequest request) {
    if (request.getPageToken().isEmpty()) {
      return "";
    }
    Optional<String> after = QueuePageToken.decode(request.getNamePrefix(), request.getPageToken());
    Violations violations = new Violations();
    violations.require(
        after.isPresent(),
        "page_token",
        "must be the next_page_token of this list: the same name_prefix");
    violations.throwIfAny();
    return after.orElseThrow();
  }

  private static ListQueuesResponse response(
      ListQueuesRequest request, List<Queue> queues, boolean hasMore) {
    ListQueuesResponse.Builder response = ListQueuesResponse.newBuilder().addAllQueues(queues);
    if (hasMore) {
      QueueName last = new QueueName(queues.get(queues.size() - 1).getName());
      response.setNextPageToken(QueuePageToken.encode(request.getNamePrefix(), last));
    }
    return response.build();
  }
}
