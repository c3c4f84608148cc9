package dev.dueline.store.redis.directory;

import dev.dueline.store.redis.failure.RedisFailures;
import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.topology.RedisGateway;
import dev.dueline.store.redis.topology.ShardGroup;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import java.util.stream.StreamSupport;

/** The requests that shards know by their ids, also those of queues that are in no registry. */
public final class KnownRequests {
  /** Keys that one step looks at: some 0.2 ms of Redis's time. */
  private static final int STEP = 1_000;

  private final RedisGateway gateway;

  /** Sends nothing yet. */
  public KnownRequests(RedisGateway gateway) {
    this.gateway = gateway;
  }

  /** Forgets all of them, at each primary. */
  public Uni<Void> forget() {
    return gateway
        .groups()
        .chain(groups -> Uni.join().all(groups.stream().map(this::forget).toList()).andFailFast())
        .replaceWithVoid()
        .onFailure()
        .transform(RedisFailures::of);
  }

  private Uni<Void> forget(ShardGroup group) {
    return Multi.createFrom()
        .iterable(RedisKeys.requestPatterns())
        .onItem()
        .transformToUniAndConcatenate(pattern -> forget(group, pattern, "0"))
        .collect()
        .last()
        .replaceWithVoid();
  }

  private Uni<Void> forget(ShardGroup group, String pattern, String cursor) {
    Request scan =
        Request.cmd(Command.SCAN).arg(cursor).arg("MATCH").arg(pattern).arg("COUNT").arg(STEP);
    return gateway
        .send(RedisKeys.bytes(group.canary().toString()), scan)
        .call(page -> forget(page.get(1)))
        .map(page -> page.get(0).toString())
        .chain(
            next -> next.equals("0") ? Uni.createFrom().voidItem() : forget(group, pattern, next));
  }

  private Uni<Void> forget(Response keys) {
    return Multi.createFrom()
        .items(StreamSupport.stream(keys.spliterator(), false))
        .map(Response::toString)
        .onItem()
        .transformToUniAndConcatenate(
            key -> gateway.send(RedisKeys.bytes(key), Request.cmd(Command.UNLINK).arg(key)))
        .collect()
        .last()
        .replaceWithVoid();
  }
}
