package dev.dueline.store.redis.news;

import dev.dueline.store.Announcements.Beat;
import dev.dueline.store.failure.StoreUnavailableException;
import dev.dueline.store.redis.script.ScriptRunner;
import dev.dueline.store.redis.script.upkeep.HeartbeatCall;
import dev.dueline.store.redis.topology.RedisGateway;
import dev.dueline.store.redis.topology.ShardGroup;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Messages that a replica sends itself by way of each primary. One that a primary has sent, and
 * that does not arrive, proves that announcements of its shards do not arrive either, though the
 * connection lives: the subscription is made anew. Thread-safe.
 */
final class Heartbeats implements RedisSubscription.Listener {
  /** A message has arrived by then, or is lost. */
  private static final Duration GRACE = Duration.ofMillis(1_500);

  private final RedisGateway gateway;
  private final ScriptRunner scripts;
  private final RedisSubscription subscription;

  /** When a primary said that it sent a message that has not arrived yet; 0: it did not yet. */
  private final Map<String, Long> sentNanos = new HashMap<>();

  private boolean isListening;
  private long last;

  Heartbeats(RedisGateway gateway, ScriptRunner scripts, RedisSubscription subscription) {
    this.gateway = gateway;
    this.scripts = scripts;
    this.subscription = subscription;
  }

  /** Sends one by each primary, on this channel; never fails. */
  Uni<List<Beat>> beat(String channel) {
    listen(channel);
    if (isOverdue()) {
      listening();
      subscription.renew(new StoreUnavailableException("messages do not arrive", null));
    }
    return gateway
        .groups()
        .map(groups -> groups.stream().map(group -> beat(channel, group)).toList())
        .chain(beats -> Uni.join().all(beats).andFailFast())
        .map(answers -> answers.stream().flatMap(Optional::stream).toList())
        .onFailure()
        .recoverWithItem(List.of());
  }

  private Uni<Optional<Beat>> beat(String channel, ShardGroup group) {
    String message = next();
    return scripts
        .run(new HeartbeatCall(group.canary(), channel, message))
        .invoke(nowUs -> sent(message))
        .map(nowUs -> Optional.of(beatOf(group, nowUs)))
        .onFailure()
        .invoke(() -> message(message))
        .onFailure()
        .recoverWithItem(Optional.empty());
  }

  private static Beat beatOf(ShardGroup group, long nowUs) {
    return new Beat(group.canary().toString(), group.primary(), nowUs);
  }

  private void listen(String channel) {
    synchronized (this) {
      if (isListening) {
        return;
      }
      isListening = true;
    }
    subscription.add(channel, this);
  }

  private synchronized String next() {
    String message = Long.toString(++last);
    sentNanos.put(message, 0L);
    return message;
  }

  private synchronized void sent(String message) {
    sentNanos.computeIfPresent(message, (same, unknown) -> System.nanoTime());
  }

  private synchronized boolean isOverdue() {
    long now = System.nanoTime();
    return sentNanos.values().stream().anyMatch(sent -> sent != 0 && now - sent > GRACE.toNanos());
  }

  /** What was sent before need not arrive. */
  @Override
  public synchronized void listening() {
    sentNanos.clear();
  }

  @Override
  public synchronized void message(String text) {
    sentNanos.remove(text);
  }
}
