package dev.dueline.system.load;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The least that a delayed queue of Redis can do: one script stores a hundred jobs, one takes a
 * hundred that are due, one removes them. What the service does is measured against it, on the same
 * Redis.
 */
final class RawLua implements AutoCloseable {
  private static final int BATCH = 100;

  /** Batches on the wire at once. */
  private static final int DEPTH = 4;

  private static final String ADD =
      """
      for i = 1, #ARGV, 2 do
        redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
        redis.call('ZADD', KEYS[1], 1, ARGV[i])
      end
      return #ARGV / 2""";

  private static final String TAKE =
      """
      local ids = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
      local jobs, leases = redis.call('HMGET', KEYS[2], unpack(ids)), {}
      for i, id in ipairs(ids) do
        leases[2 * i - 1] = ARGV[1]
        leases[2 * i] = id
      end
      redis.call('ZREM', KEYS[1], unpack(ids))
      redis.call('ZADD', KEYS[3], unpack(leases))
      return {ids, jobs}""";

  private static final String REMOVE =
      """
      redis.call('HDEL', KEYS[2], unpack(ARGV))
      return redis.call('ZREM', KEYS[3], unpack(ARGV))""";

  private final Vertx vertx = Vertx.vertx();
  private final RedisConnection redis;

  RawLua(String address) throws Exception {
    RedisOptions options = new RedisOptions().setConnectionString(address);
    redis = await(Redis.createClient(vertx, options).connect());
  }

  /** Stores jobs and gives how many a second. */
  double store(int jobs, byte[] payload) throws Exception {
    long start = System.nanoTime();
    for (int from = 0; from < jobs; from += DEPTH * BATCH) {
      List<io.vertx.core.Future<Response>> wire = new ArrayList<>();
      for (int batch = 0; batch < DEPTH; batch++) {
        Request request = script(ADD);
        for (int i = 0; i < BATCH; i++) {
          request.arg("%016d".formatted(from + batch * BATCH + i)).arg(payload);
        }
        wire.add(redis.send(request));
      }
      for (io.vertx.core.Future<Response> reply : wire) {
        await(reply);
      }
    }
    return jobs / seconds(start);
  }

  /** Takes and removes jobs that are due, and gives how many a second. */
  double takeAndRemove(int jobs) throws Exception {
    long start = System.nanoTime();
    for (int done = 0; done < jobs; ) {
      Response taken = await(redis.send(script(TAKE).arg(2).arg(BATCH)));
      Request remove = script(REMOVE);
      taken.get(0).forEach(id -> remove.arg(id.toBuffer()));
      done += await(redis.send(remove)).toInteger();
    }
    return jobs / seconds(start);
  }

  @Override
  public void close() {
    redis.close();
    vertx.close();
  }

  private static Request script(String text) {
    return Request.cmd(Command.EVAL).arg(text).arg(3).arg("raw:due").arg("raw:job").arg("raw:out");
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static <T> T await(io.vertx.core.Future<T> reply) throws Exception {
    return reply.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}
