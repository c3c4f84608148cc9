package dev.dueline.store.redis.script.queue;

import dev.dueline.job.Shard;
import dev.dueline.store.queue.RedisStreamTarget;
import dev.dueline.store.redis.script.Arguments;
import dev.dueline.store.redis.script.Reply;
import dev.dueline.store.redis.script.Script;
import dev.dueline.store.redis.script.ShardCall;
import org.jspecify.annotations.Nullable;

/**
 * Chooses how due jobs leave a shard; false: jobs are leased, and all is as it was.
 *
 * @param target empty: to watchers; else the stream's longest length and its consumer group
 */
public record DeliverCall(Shard shard, String target) implements ShardCall<Boolean> {
  /** A call that chooses this one, null: watchers. */
  public static DeliverCall of(Shard shard, @Nullable RedisStreamTarget target) {
    return new DeliverCall(shard, target == null ? "" : target.maxLength() + " " + target.group());
  }

  /** What the text of {@code target} says. */
  static @Nullable RedisStreamTarget target(String text) {
    int space = text.indexOf(' ');
    return space < 0
        ? null
        : new RedisStreamTarget(
            text.substring(space + 1), Long.parseLong(text.substring(0, space)));
  }

  @Override
  public Script script() {
    return Script.DELIVER;
  }

  @Override
  public void addTo(Arguments arguments) {
    arguments.add(target);
  }

  @Override
  public Boolean read(Reply reply) {
    return reply.flag();
  }
}
