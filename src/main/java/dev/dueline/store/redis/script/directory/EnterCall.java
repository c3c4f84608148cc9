package dev.dueline.store.redis.script.directory;

import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ScriptCall;
import java.util.List;

/**
 * Enters a queue into the registry, and gives the settings that it has.
 *
 * @param wrong settings that are replaced; empty: none are
 */
public record EnterCall(String queue, String settings, String wrong) implements ScriptCall<String> {
  @Override
  public Script script() {
    return Script.ENTER;
  }

  @Override
  public List<byte[]> keys() {
    return RedisKeys.registry();
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(queue).add(settings).add(wrong);
  }

  @Override
  public String read(Reply reply) {
    return reply.text();
  }
}
