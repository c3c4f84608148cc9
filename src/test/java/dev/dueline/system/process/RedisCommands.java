package dev.dueline.system.process;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.net.URI;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Says something to a Redis, as redis-cli would. */
public final class RedisCommands implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final Redis redis;

  public RedisCommands(URI uri) {
    this(new RedisOptions().setConnectionString(uri.toString()));
  }

  /** Says it to a Redis that takes more than an address to reach. */
  public RedisCommands(RedisOptions options) {
    redis = Redis.createClient(vertx, options);
  }

  /** One command, and its reply. */
  public Response call(String command, String... arguments) throws Exception {
    Request request = Request.cmd(Command.create(command.toLowerCase(Locale.ROOT)));
    for (String argument : arguments) {
      request.arg(argument);
    }
    return redis.send(request).toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  /** One field of INFO. */
  public String info(String field) throws Exception {
    return call("INFO", "all")
        .toString()
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.substring(field.length() + 1))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    redis.close();
    vertx.close();
  }
}
