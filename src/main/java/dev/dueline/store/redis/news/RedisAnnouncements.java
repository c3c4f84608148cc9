package dev.dueline.store.redis.news;

import dev.dueline.job.Shard;
import dev.dueline.store.Announcements;
import dev.dueline.store.news.WatcherNews;
import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.script.ScriptRunner;
import dev.dueline.store.redis.topology.RedisGateway;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import java.util.List;
import java.util.function.Function;

/** News between replicas, by Redis's pub/sub. */
public final class RedisAnnouncements implements Announcements {
  private final RedisGateway gateway;
  private final RedisSubscription subscription;
  private final Heartbeats heartbeats;

  public RedisAnnouncements(RedisGateway gateway, ScriptRunner scripts) {
    this.gateway = gateway;
    this.subscription = new RedisSubscription(gateway);
    this.heartbeats = new Heartbeats(gateway, scripts, subscription);
  }

  @Override
  public Multi<HeadNews> heads(Shard shard) {
    return listen(
        RedisKeys.headChannel(shard), new HeadNews.Listening(), RedisAnnouncements::headNews);
  }

  /** Of a text that is no time, which anybody may send, a loop learns only that it is to ask. */
  private static HeadNews headNews(String due) {
    try {
      return new HeadNews.Announced(Long.parseLong(due));
    } catch (NumberFormatException e) {
      return new HeadNews.Listening();
    }
  }

  @Override
  public Multi<List<WatcherNews>> watcherNews(long replica) {
    return listen(
        RedisKeys.replicaChannel(replica),
        List.of(new WatcherNews.Listening()),
        WatcherNewsText::read);
  }

  @Override
  public Uni<Void> tell(long replica, List<WatcherNews> news) {
    String text = WatcherNewsText.of(news);
    String channel = RedisKeys.replicaChannel(replica);
    return gateway
        .send(RedisKeys.bytes(channel), Request.cmd(Command.PUBLISH).arg(channel).arg(text))
        .onFailure()
        .recoverWithNull()
        .replaceWithVoid();
  }

  @Override
  public Uni<List<Beat>> beat(long replica) {
    return heartbeats.beat(RedisKeys.heartbeatChannel(replica));
  }

  public void close() {
    subscription.close();
  }

  private <T> Multi<T> listen(String channel, T onListening, Function<String, T> read) {
    return Multi.createFrom()
        .emitter(
            emitter -> {
              RedisSubscription.Listener listener =
                  new RedisSubscription.Listener() {
                    @Override
                    public void listening() {
                      emitter.emit(onListening);
                    }

                    @Override
                    public void message(String text) {
                      emitter.emit(read.apply(text));
                    }
                  };
              subscription.add(channel, listener);
              emitter.onTermination(() -> subscription.remove(channel, listener));
            });
  }
}
