package dev.dueline.store.redis;

import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.JobStore;
import dev.dueline.store.due.Fed;
import dev.dueline.store.queue.RedisStreamStore;
import dev.dueline.store.queue.RedisStreamTarget;
import dev.dueline.store.redis.failure.RedisFailures;
import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.ScriptRunner;
import dev.dueline.store.redis.script.queue.DeliverCall;
import dev.dueline.store.redis.script.queue.FeedCall;
import dev.dueline.store.redis.topology.RedisGateway;
import dev.dueline.store.redis.topology.Replication;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Redis Streams. The first call of a feed leaves jobs that recur as they are, {@code RunOutcome}
 * decides their next runs, and a second call moves them if they are still the same.
 */
final class RedisStreams implements RedisStreamStore {
  private static final byte[] KEY = RedisKeys.bytes(RedisKeys.STREAMS);

  private final RedisGateway gateway;
  private final ScriptRunner scripts;
  private final Replication replication;
  private final RedisExpiry expiry;

  /**
   * Sends nothing yet.
   *
   * @param replication who must know of a queue: without its name nobody would feed it
   */
  RedisStreams(
      RedisGateway gateway, ScriptRunner scripts, Replication replication, RedisExpiry expiry) {
    this.gateway = gateway;
    this.scripts = scripts;
    this.replication = replication;
    this.expiry = expiry;
  }

  @Override
  public Uni<Set<QueueName>> queues() {
    return send(Request.cmd(Command.SMEMBERS).arg(RedisKeys.STREAMS), Replication.NONE)
        .map(
            names -> {
              Set<QueueName> queues = new HashSet<>();
              for (Response name : names) {
                // What is no name of a queue is somebody else's, and must not hide the others.
                if (QueueName.isValid(name.toString())) {
                  queues.add(new QueueName(name.toString()));
                }
              }
              return queues;
            });
  }

  @Override
  public Uni<Void> enter(QueueName queue) {
    Request request = Request.cmd(Command.SADD).arg(RedisKeys.STREAMS).arg(queue.value());
    return send(request, replication).replaceWithVoid();
  }

  @Override
  public Uni<Void> leave(QueueName queue) {
    Request request = Request.cmd(Command.SREM).arg(RedisKeys.STREAMS).arg(queue.value());
    return send(request, Replication.NONE).replaceWithVoid();
  }

  @Override
  public Uni<Boolean> deliver(Shard shard, @Nullable RedisStreamTarget target) {
    return scripts.run(DeliverCall.of(shard, target));
  }

  @Override
  public Uni<Fed> feed(Shard shard, int most) {
    return move(shard, most)
        .chain(
            fed ->
                fed.hasExpired()
                    ? expiry
                        .end(shard, JobStore.MAX_BATCH)
                        .chain(() -> move(shard, most))
                        .map(next -> both(fed, next))
                    : Uni.createFrom().item(fed));
  }

  private Uni<Fed> move(Shard shard, int most) {
    return feed(shard, most, List.of())
        .chain(
            first ->
                first.runs().isEmpty()
                    ? Uni.createFrom().item(first.fed())
                    : feed(shard, most, first.runs())
                        .map(second -> both(first.fed(), second.fed())));
  }

  private Uni<FeedCall.Step> feed(Shard shard, int most, List<FeedCall.Run> runs) {
    return scripts.run(new FeedCall(shard, most, Reply.MAX_RECORD_BYTES, runs));
  }

  @Override
  public String key(Shard shard) {
    return RedisKeys.stream(shard);
  }

  private static Fed both(Fed first, Fed second) {
    List<Long> moved = new ArrayList<>(first.dueMs());
    moved.addAll(second.dueMs());
    return new Fed(
        second.nowUs(),
        second.destination(),
        second.nextMs(),
        second.nextExpiryMs(),
        second.hold(),
        first.dropped() + second.dropped(),
        moved);
  }

  private Uni<Response> send(Request request, Replication required) {
    return gateway
        .send(KEY, request, required)
        .onFailure()
        .transform(failure -> RedisFailures.of(failure, RedisKeys.STREAMS))
        .onFailure()
        .invoke(scripts::met);
  }
}
