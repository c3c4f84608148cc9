package dev.dueline.store.redis;

import dev.dueline.job.Shard;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.RedisConnection;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Hears all that the scripts announce, by a connection of its own. */
public final class HeadSubscriber {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String END = "end";

  private final TestRedis redis;
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final CountDownLatch subscribed = new CountDownLatch(1);

  /** Listens from now on. */
  public HeadSubscriber(TestRedis redis) {
    this.redis = redis;
    RedisConnection connection = redis.connect();
    connection.handler(this::receive);
    connection
        .send(Request.cmd(Command.PSUBSCRIBE).arg("dueline:*:pending"))
        .subscribe()
        .with(ignored -> {}, failure -> heard.add(failure.toString()));
    try {
      if (!subscribed.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("not subscribed");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void receive(Response message) {
    if (message.get(0).toString().equals("pmessage")) {
      heard.add(message.get(2) + " " + message.get(3));
    } else {
      subscribed.countDown();
    }
  }

  /** What was announced of a shard since the last call. */
  public List<Long> announced(Shard shard) {
    String channel = TestRedis.headChannel(shard);
    redis.send(Command.PUBLISH, channel, END);
    List<Long> heads = new ArrayList<>();
    try {
      while (true) {
        String message = heard.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        if (message == null) {
          throw new IllegalStateException("heard nothing for " + TIMEOUT);
        }
        if (message.equals(channel + " " + END)) {
          return heads;
        }
        if (message.startsWith(channel + " ")) {
          heads.add(Long.parseLong(message.substring(channel.length() + 1)));
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
