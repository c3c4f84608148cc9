package dev.dueline.ops.debug;

import dev.dueline.cli.debug.ShardQuery;
import dev.dueline.cli.remote.ExitCode;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.UsageException;
import dev.dueline.job.JobId;
import dev.dueline.job.QueueName;
import dev.dueline.job.Shard;
import dev.dueline.store.failure.StoreReplyException;
import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.store.queue.QueueLayout;
import dev.dueline.store.queue.ShardPlan;
import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.topology.RedisGateway;
import io.smallrye.mutiny.TimeoutException;
import io.vertx.core.VertxOptions;
import io.vertx.mutiny.core.Vertx;
import io.vertx.redis.client.RedisOptions;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shows what Redis has of a shard, or of a job. */
public final class ShardDebug {
  /** As the service has it; no option, since those are seen in the list of processes. */
  private static final String PASSWORD = "QUARKUS_REDIS_PASSWORD";

  private ShardDebug() {}

  /** Prints what was asked for, and gives an exit code. */
  public static int print(ShardQuery query, Console console) {
    return print(query, System.getenv(PASSWORD), console);
  }

  /**
   * The same.
   *
   * @param password for URLs without one; null: none
   */
  static int print(ShardQuery query, @Nullable String password, Console console) {
    RedisOptions options = RedisAccess.options(query.redis());
    if (password != null && !password.isEmpty()) {
      options.setPassword(password);
    }
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
    try (RedisGateway gateway = RedisGateway.of(vertx, options, query.redis().timeout())) {
      return print(query, gateway, console);
    } catch (TimeoutException e) {
      console.note("Redis does not answer");
      return ExitCode.UNREACHABLE;
    } catch (StoreUnavailableException e) {
      console.note(String.valueOf(e.getMessage()));
      return ExitCode.UNREACHABLE;
    } catch (StoreReplyException e) {
      console.note(String.valueOf(e.getMessage()));
      return ExitCode.REFUSED;
    } finally {
      vertx.closeAndAwait();
    }
  }

  private static int print(ShardQuery query, RedisGateway gateway, Console console) {
    QueueName queue = name(query.queue());
    Optional<JobId> job = query.jobId().map(ShardDebug::id);
    Shard first = new Shard(queue, query.shard().orElse(0));
    Reads reads = new Reads(gateway, first, query.redis().timeout());
    Optional<Integer> shards = shards(reads);
    if (job.isPresent() && query.shard().isEmpty() && shards.isPresent()) {
      Shard home = new QueueLayout(queue, shards.get()).shardOf(job.get()).place();
      reads = new Reads(gateway, home, query.redis().timeout());
    }
    long nowMs = reads.nowMs();
    Lines lines = new Lines(console.out(), nowMs);
    lines.add(
        "%s of %s shards, at %s by Redis's clock"
            .formatted(
                reads.shard(),
                shards.map(count -> Integer.toString(count)).orElse("an unknown number of"),
                Instant.ofEpochMilli(nowMs)));
    boolean isThere = print(query, job, reads, lines);
    reads.unreadable().forEach(key -> lines.add("of another type, and so not read: " + key));
    if (!isThere) {
      console.note("Redis has nothing of this job in " + reads.shard());
    }
    return isThere ? ExitCode.DONE : ExitCode.REFUSED;
  }

  /** Whether there is what was asked for. */
  private static boolean print(ShardQuery query, Optional<JobId> job, Reads reads, Lines lines) {
    ShardKeys keys = new ShardKeys(reads, lines);
    if (job.isPresent()) {
      return new JobRecord(reads, keys, lines).print(job.get(), query.withPayload());
    }
    keys.print(query.most());
    return true;
  }

  /** How many the queue has, as a shard says. */
  private static Optional<Integer> shards(Reads reads) {
    try {
      return reads
          .field(RedisKeys.meta(reads.shard()), RedisKeys.bytes("shards"))
          .map(RedisKeys::text)
          .map(Integer::valueOf)
          .filter(count -> count >= 1 && count <= ShardPlan.MAX_SHARDS);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static QueueName name(String queue) {
    try {
      return new QueueName(queue);
    } catch (IllegalArgumentException e) {
      throw new UsageException("QUEUE: " + e.getMessage());
    }
  }

  private static JobId id(String job) {
    try {
      return new JobId(job);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--job: " + e.getMessage());
    }
  }
}
