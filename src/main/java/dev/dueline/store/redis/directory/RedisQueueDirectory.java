package dev.dueline.store.redis.directory;

import dev.dueline.job.QueueName;
import dev.dueline.store.failure.StoreReplyException;
import dev.dueline.store.queue.QueueDirectory;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.ShardPlan;
import dev.dueline.store.redis.failure.RedisFailures;
import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.script.ScriptRunner;
import dev.dueline.store.redis.topology.RedisGateway;
import dev.dueline.store.redis.topology.Replication;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The registry of queues in Redis, and a copy of what was read of it: an entry never changes. The
 * value of a queue is {@code shards=N}.
 */
public final class RedisQueueDirectory implements QueueDirectory {
  /** Queues to remember; beyond that all are forgotten and read again. */
  private static final int MAX_REMEMBERED = 100_000;

  private static final byte[] KEY = RedisKeys.bytes(RedisKeys.QUEUES);
  private static final Pattern SETTINGS = Pattern.compile("shards=([0-9]{1,4})");

  private final RedisGateway gateway;
  private final ShardPlan plan;
  private final Replication replication;
  private final QueueIndex index;
  private final Map<QueueName, QueueLayout> known = new ConcurrentHashMap<>();

  /**
   * Sends nothing yet.
   *
   * @param plan how many shards a queue gets when it comes to be
   * @param replication who must have an entry: without it nobody would find the jobs
   */
  public RedisQueueDirectory(
      RedisGateway gateway, ScriptRunner scripts, ShardPlan plan, Replication replication) {
    this(gateway, new QueueIndex(gateway, scripts, QueueIndex.REST), plan, replication);
  }

  public RedisQueueDirectory(
      RedisGateway gateway, QueueIndex index, ShardPlan plan, Replication replication) {
    this.gateway = gateway;
    this.plan = plan;
    this.replication = replication;
    this.index = index;
  }

  @Override
  public Uni<QueueLayout> layout(QueueName queue) {
    return find(queue)
        .chain(found -> found.isPresent() ? Uni.createFrom().item(found.get()) : enter(queue));
  }

  @Override
  public Uni<Optional<QueueLayout>> find(QueueName queue) {
    QueueLayout layout = known.get(queue);
    return layout != null
        ? Uni.createFrom().item(Optional.of(layout))
        : look(queue).map(settings -> Optional.ofNullable(remember(queue, text(settings))));
  }

  @Override
  public Uni<List<QueueLayout>> layouts(List<QueueName> queues) {
    List<QueueLayout> remembered =
        queues.stream().map(known::get).filter(Objects::nonNull).toList();
    return remembered.size() == queues.size() ? Uni.createFrom().item(remembered) : look(queues);
  }

  private Uni<List<QueueLayout>> look(List<QueueName> queues) {
    Request request = Request.cmd(Command.HMGET).arg(RedisKeys.QUEUES);
    queues.forEach(queue -> request.arg(queue.value()));
    return gateway
        .send(KEY, request)
        .onFailure()
        .transform(RedisFailures::of)
        .map(
            settings ->
                IntStream.range(0, queues.size())
                    .mapToObj(i -> remember(queues.get(i), text(settings.get(i))))
                    .filter(Objects::nonNull)
                    .toList());
  }

  @Override
  public Uni<List<QueueName>> names(String prefix, String after, int skip, int most) {
    return index.names(prefix, after, skip, most);
  }

  private Uni<QueueLayout> enter(QueueName queue) {
    return index
        .enter(queue, "shards=" + plan.shardsOf(queue), replication)
        .map(
            settings -> {
              QueueLayout layout = remember(queue, settings);
              if (layout == null) {
                throw new StoreReplyException("a queue that was entered is not there", null);
              }
              return layout;
            });
  }

  private Uni<@Nullable Response> look(QueueName queue) {
    return gateway
        .send(KEY, Request.cmd(Command.HGET).arg(RedisKeys.QUEUES).arg(queue.value()))
        .onFailure()
        .transform(RedisFailures::of);
  }

  private static @Nullable String text(@Nullable Response settings) {
    return settings == null ? null : settings.toString();
  }

  private @Nullable QueueLayout remember(QueueName queue, @Nullable String settings) {
    if (settings == null) {
      return null;
    }
    QueueLayout layout = parse(queue, settings);
    if (known.size() >= MAX_REMEMBERED) {
      known.clear();
    }
    known.put(queue, layout);
    return layout;
  }

  private static QueueLayout parse(QueueName queue, String settings) {
    Matcher matcher = SETTINGS.matcher(settings);
    if (!matcher.matches()) {
      throw new StoreReplyException("unknown settings of queue " + queue + ": " + settings, null);
    }
    return new QueueLayout(queue, Integer.parseInt(matcher.group(1)));
  }
}
