package dev.dueline.store.redis;

import dev.dueline.job.JobId;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.job.StoredJob;
import dev.dueline.job.recurrence.NextRun;
import dev.dueline.job.recurrence.RunEnd;
import dev.dueline.job.recurrence.Runs;
import dev.dueline.job.recurrence.Series;
import dev.dueline.store.Destination;
import dev.dueline.store.Fed;
import dev.dueline.store.StreamStore;
import dev.dueline.store.StreamTarget;
import dev.dueline.store.redis.layout.RecordCodec;
import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ScriptRunner;
import dev.dueline.store.redis.topology.RedisFailures;
import dev.dueline.store.redis.topology.RedisGateway;
import dev.dueline.store.redis.topology.Replication;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Streams in Redis. The first call of a feed leaves jobs that recur as they are, the rule gives the
 * next run, and a second call moves them if they are still the same.
 */
final class RedisStreams implements StreamStore {
  private static final byte[] KEY = RedisKeys.bytes(RedisKeys.STREAMS);
  private static final long OVER = -1;

  private final RedisGateway gateway;
  private final ScriptRunner scripts;
  private final Replication replication;

  /**
   * Streams.
   *
   * @param replication who must know of a queue: without its name nobody would feed it
   */
  RedisStreams(RedisGateway gateway, ScriptRunner scripts, Replication replication) {
    this.gateway = gateway;
    this.scripts = scripts;
    this.replication = replication;
  }

  /** What the field says; null: the shard is delivered to watchers. */
  static @Nullable StreamTarget target(String field) {
    int space = field.indexOf(' ');
    return space < 0
        ? null
        : new StreamTarget(field.substring(space + 1), Long.parseLong(field.substring(0, space)));
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
  public Uni<Boolean> deliver(Shard shard, @Nullable StreamTarget target) {
    String field = target == null ? "" : target.maxLength() + " " + target.group();
    return scripts
        .run(Script.DELIVER, shard, new Arguments().add(field))
        .map(response -> new Reply(response).number() == 1);
  }

  @Override
  public Uni<Fed> feed(Shard shard, int most) {
    return feed(shard, most, List.of())
        .chain(
            first ->
                first.runs.isEmpty()
                    ? Uni.createFrom().item(first.fed)
                    : feed(shard, most, first.runs).map(second -> both(first.fed, second.fed)));
  }

  @Override
  public String key(Shard shard) {
    return RedisKeys.stream(shard);
  }

  /** A run that waits for the rule. */
  private record Run(JobId id, byte[] record, RunEnd end, NextRun next) {}

  private record Step(Fed fed, List<Run> runs) {}

  private Uni<Step> feed(Shard shard, int most, List<Run> runs) {
    Arguments arguments = new Arguments().add(most).add(Replies.MAX_BYTES);
    for (Run run : runs) {
      Runs counts = run.next.runs();
      arguments.add(run.id).add(run.record).add(run.end.name().toLowerCase(Locale.ROOT));
      arguments.add(run.next.dueMs().orElse(OVER));
      arguments.add(counts.completed()).add(counts.died()).add(counts.missed());
    }
    return scripts.run(Script.FEED, shard, arguments).map(response -> step(new Reply(response)));
  }

  private static Step step(Reply reply) {
    Destination destination = reply.number() == 1 ? Destination.REDIS_STREAM : Destination.WATCHERS;
    long next = Replies.orNone(reply.number());
    long nextExpiry = Replies.orNone(reply.number());
    Fed.Hold hold = Fed.Hold.values()[(int) reply.number()];
    int dropped = (int) reply.number();
    List<Long> moved = new ArrayList<>();
    for (long left = reply.number(); left > 0; left--) {
      moved.add(reply.number());
    }
    Fed fed = new Fed(reply.nowUs(), destination, next, nextExpiry, hold, dropped, moved);
    List<Run> runs = new ArrayList<>();
    while (reply.hasMore()) {
      runs.add(run(reply.jobId(), reply.number() == 1, reply.bytes(), reply.nowMs()));
    }
    return new Step(fed, runs);
  }

  private static Run run(JobId id, boolean isLate, byte[] record, long nowMs) {
    StoredJob job = RecordCodec.decode(id, record);
    Series series = job.series();
    if (series == null) {
      // One that nobody can follow ends where people look: with the dead.
      return new Run(id, record, RunEnd.DIED, new NextRun(OptionalLong.empty(), Runs.NONE));
    }
    RunEnd end = isLate ? RunEnd.EXPIRED : RunEnd.COMPLETED;
    return new Run(
        id, record, end, series.recurrence().after(series.runs(), job.dueMs(), end, nowMs));
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
    return gateway.send(KEY, request, required).onFailure().transform(RedisFailures::of);
  }
}
