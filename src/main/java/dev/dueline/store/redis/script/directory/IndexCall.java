package dev.dueline.store.redis.script.directory;

import dev.dueline.store.redis.layout.RedisKeys;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ScriptCall;
import java.util.List;

/**
 * One step of a pass through the registry, or through the index of its names; gives the cursor of
 * the next one.
 *
 * @param adds whether it goes through the registry, and adds names
 * @param cursor "0" begins, and is the end
 */
public record IndexCall(boolean adds, String cursor, int most) implements ScriptCall<String> {
  @Override
  public Script script() {
    return Script.INDEX;
  }

  @Override
  public List<byte[]> keys() {
    return RedisKeys.registry();
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(adds).add(cursor).add(most);
  }

  @Override
  public String read(Reply reply) {
    return reply.text();
  }
}
