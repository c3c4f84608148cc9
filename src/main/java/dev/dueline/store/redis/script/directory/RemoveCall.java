package dev.dueline.store.redis.script.directory;

import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ScriptCall;
import java.util.List;

/** Removes a queue from the registry, unless it has other settings by now. */
public record RemoveCall(String queue, String settings) implements ScriptCall<Long> {
  @Override
  public Script script() {
    return Script.REMOVE;
  }

  @Override
  public List<byte[]> keys() {
    return RedisKeys.registry();
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(queue).add(settings);
  }

  /** The store's clock, microseconds. */
  @Override
  public Long read(Reply reply) {
    return reply.nowUs();
  }
}
