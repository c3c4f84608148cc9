package dev.dueline.store.redis.script.upkeep;

import dev.dueline.job.QueueName;
import dev.dueline.store.queue.QueueTurns.Turn;
import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ScriptCall;
import java.time.Duration;
import java.util.List;

/**
 * Deals the next queues of the registry to a replica.
 *
 * @param shards to deal, about
 * @param turnMs that so many shards take
 * @param roundMs from the beginning of one round to that of the next, at least
 */
public record TurnCall(int shards, long turnMs, long roundMs) implements ScriptCall<Turn> {
  @Override
  public Script script() {
    return Script.TURN;
  }

  @Override
  public List<byte[]> keys() {
    return RedisKeys.turns();
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(shards).add(turnMs).add(roundMs);
  }

  @Override
  public Turn read(Reply reply) {
    Duration next = Duration.ofMillis(reply.number());
    List<String> names = reply.rows(reply::text);
    return new Turn(names.stream().filter(QueueName::isValid).map(QueueName::new).toList(), next);
  }
}
